import { answerTrpc } from "../../../../server/answer.ts";

export const dynamic = "force-dynamic";

export { answerTrpc as GET, answerTrpc as POST };
