import { expect, test } from "@playwright/test";
import { serverUrl } from "../support/api.ts";

test("a runner is added from the cluster page: the command is shown once, and its token is refused when it is revoked", async ({
  page,
}) => {
  const name = `Journey machine ${Date.now()}`;
  await page.goto("/cluster");
  await page.getByRole("button", { name: "Add a runner" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Whole cluster" }).click();
  await page.getByRole("button", { name: "Make the token" }).click();
  const command = (await page.getByLabel("command", { exact: true }).textContent()) ?? "";
  const [, token = ""] = /--token (hdl_run_[0-9A-Za-z]{36})$/.exec(command) ?? [];
  expect(command).toBe(`npx heddle runner --server ${serverUrl()} --token ${token}`);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(`hdl_run_…${token.slice(-4)}`)).toBeVisible();

  /** What the server says to a runner that is not registered, or not welcome. */
  const ask = async () => {
    const response = await fetch(`${serverUrl()}/runner/v1/lease`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ runnerId: "rnr_nobody", freeSlots: 1, waitMs: 0 }),
    });
    return response.status;
  };
  expect(await ask()).toBe(404);
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect.poll(ask).toBe(401);
  await expect(page.getByText(name)).toHaveCount(0);
});
