// `npm run test:python`: tests of the training code where PyTorch is there; says so, and passes, where it is not.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const training = fileURLToPath(new URL("./training", import.meta.url));
const local = fileURLToPath(new URL("./training/.venv/bin/python", import.meta.url));
const python = existsSync(local) ? local : "python3";
const needed = "import numpy, onnx, onnxruntime, PIL, pytest, torch";
if (spawnSync(python, ["-c", needed], { stdio: "ignore" }).status !== 0) {
  console.log(
    "skipped: the tests of the training code need Python with PyTorch; " +
      "packages/house-models/README.md says how to install it.",
  );
} else {
  const tests = spawnSync(python, ["-m", "pytest", "-q"], { cwd: training, stdio: "inherit" });
  process.exit(tests.status ?? 1);
}
