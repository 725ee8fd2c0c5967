import { expect, type Locator, type Page } from "@playwright/test";

/** The editor, by what a person sees of it. */
export class EditorPage {
  readonly page: Page;
  readonly nodes: Locator;
  readonly wires: Locator;

  constructor(page: Page) {
    this.page = page;
    this.nodes = page.locator("main[aria-label=Canvas] article");
    this.wires = page.locator(".react-flow__edge");
  }

  /** A new workflow from the gallery. */
  async create(): Promise<void> {
    await this.page.goto("/");
    await this.page.getByRole("button", { name: "New workflow" }).click();
    await this.page.waitForURL("**/workflows/*");
    await expect(this.page.getByRole("main", { name: "Canvas" })).toBeVisible();
  }

  /** A workflow of this document, as if its file were dropped on the gallery. */
  async open(document: object): Promise<void> {
    await this.page.goto("/");
    await this.page.getByLabel("Choose a workflow file").setInputFiles({
      name: "it.heddle.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(document)),
    });
    await this.page.waitForURL("**/workflows/*");
    await expect(this.page.getByRole("main", { name: "Canvas" })).toBeVisible();
  }

  /** Drags a row of the palette to a place on the canvas, in pixels from its corner. */
  async dragIn(title: string, at: { x: number; y: number }): Promise<Locator> {
    const before = await this.nodes.count();
    const search = this.page.getByRole("searchbox", { name: "Add a node" });
    await search.fill(title);
    const row = this.page
      .getByRole("navigation", { name: "Add a node" })
      .getByRole("button", { name: title, exact: true });
    await row.dragTo(this.page.locator("main[aria-label=Canvas]"), { targetPosition: at });
    await search.fill("");
    await expect(this.nodes).toHaveCount(before + 1);
    return this.node(title);
  }

  /** Adds a node in the middle of the canvas, by keyboard. */
  async add(title: string): Promise<void> {
    const before = await this.nodes.count();
    const search = this.page.getByRole("searchbox", { name: "Add a node" });
    await search.fill(title);
    await search.press("Enter");
    await expect(this.nodes).toHaveCount(before + 1);
    await search.blur();
  }

  node(title: string): Locator {
    return this.page.getByRole("article", { name: title, exact: true });
  }

  /** A port of a node, by its name in documents. */
  port(node: Locator, side: "source" | "target", name: string): Locator {
    return node.locator(`.react-flow__handle.${side}[data-handleid="${name}"]`);
  }

  /** Takes a wire from an output and holds it over an input. */
  async pullWire(from: Locator, to: Locator): Promise<void> {
    const start = await centreOf(from);
    const end = await centreOf(to);
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await this.page.mouse.move(end.x, end.y, { steps: 4 });
  }

  /** Draws a wire with the mouse. */
  async wire(from: Locator, output: string, to: Locator, input: string): Promise<void> {
    const before = await this.wires.count();
    await this.pullWire(this.port(from, "source", output), this.port(to, "target", input));
    await this.page.mouse.up();
    await expect(this.wires).toHaveCount(before + 1);
  }

  /** Selects a node by a click on its title or, for an output, on its tag. */
  async select(title: string): Promise<void> {
    const header = this.node(title).locator("header, .out-tag").first();
    await header.click();
    await expect(this.node(title)).toHaveClass(/is-selected/);
  }

  async runAll(): Promise<void> {
    await this.page.getByRole("button", { name: /^Run all/ }).click();
  }

  async untilSaved(): Promise<void> {
    await expect(this.page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
    // "Saved" also stands there for the first moment of a save that goes on.
    await this.page.waitForTimeout(1_000);
    await expect(this.page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
  }
}

async function centreOf(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("not on the screen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
