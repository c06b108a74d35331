// The main job, end to end: a rep works in a basement, his browser is killed mid-word, his manager edits the same account
// meanwhile; when the server returns both devices and Postgres agree, and the value that lost is told to both.
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type BrowserName, BROWSERS } from "../support/browsers.ts";
import { Device } from "../support/device.ts";
import { Server } from "../support/server.ts";

// Playwright puts a style into the page for a picture of Firefox, which the CSP refuses and we would take for our own fault.
test.use({ screenshot: "off" });

const CRM = join(import.meta.dirname, "../../server/tests/fixtures/crm");

for (const browser of Object.keys(BROWSERS) as BrowserName[]) {
  test(`what a rep with ${browser} and his manager write without a server is merged when it returns`, () => merge(browser));
}

async function merge(browser: BrowserName): Promise<void> {
  const server = await Server.start();
  const { signIns } = await server.import(CRM, ["--money-unit", "millions:USD"]);
  const who = (name: string) => {
    const found = signIns.find((signIn) => signIn.name === name);
    if (!found) throw new Error(`the import printed no sign-in for ${name}`);
    return found;
  };
  const rep = await Device.new(server.origin, { browser });
  const manager = await Device.new(server.origin, { viewport: { width: 1280, height: 800 } });
  try {
    await rep.signIn(who("Moses Frase"));
    await manager.signIn(who("Dustin Brinkmann"));
    await rep.installed();
    await manager.installed();
    // Chromium writes a cookie to the disk within half a minute, or when it is closed.
    await rep.reopen();
    await rep.page.goto("/accounts");
    const owned = await server.sql(
      "SELECT a.body->>'name' FROM record a JOIN record m ON m.id::text = a.body->>'owner' WHERE a.kind = 'account' AND m.body->>'name' = 'Moses Frase' ORDER BY 1",
    );
    expect(owned.length).toBeGreaterThan(0);
    await expect(rep.page.getByText(owned.length === 1 ? "1 account" : `${owned.length} accounts`)).toBeVisible();
    const [account = ""] = owned[0] ?? [];

    await test.step("the server is gone, and the rep goes on after a restart of his browser", async () => {
      await server.kill9();
      await rep.openAccount(account);
      await rep.editAccount({ Website: "rounds.example", "Short name": "from the rep" });
      await rep.page.goto("/log");
      const log = () => rep.page.getByRole("dialog");
      await log().getByRole("textbox", { name: "What happened" }).fill("Buyer wants 200 units, ask for pri");
      await expect.poll(async () => (await rep.stored("drafts")).join()).toContain("ask for pri");
      await rep.kill();
      await rep.start();
      await rep.page.goto("/log");
      await expect(log().getByRole("textbox", { name: "What happened" })).toHaveValue("Buyer wants 200 units, ask for pri");
      await log().getByRole("textbox", { name: "What happened" }).fill("Buyer wants 200 units, ask for price");
      await log().getByRole("radio", { name: "Tomorrow" }).click();
      await log().getByRole("textbox", { name: "For", exact: true }).fill("send the price");
      await log().getByRole("button", { name: "Save", exact: true }).click();
      await expect(log()).toBeHidden();
      await expect.poll(() => rep.stored("outbox")).toHaveLength(2);
      await expect(rep.page.getByText(/2 changes waiting/).first()).toBeVisible();
    });

    await test.step("the manager edits the same account, one field the same", async () => {
      await manager.openAccount(account);
      await manager.editAccount({ Note: "Pays late, be careful", "Short name": "from the manager" });
      await expect.poll(() => manager.stored("outbox")).toHaveLength(1);
    });

    await test.step("the server returns and everything is sent without being asked", async () => {
      await server.restart();
      for (const device of [rep, manager]) {
        await device.page.evaluate(() => dispatchEvent(new Event("online")));
        await expect.poll(() => device.stored("outbox")).toEqual([]);
      }
      await expect.poll(() => server.sql(`SELECT body->>'website', body->>'note', body->>'short_name' FROM record WHERE body->>'name' = '${account}'`)).toEqual([
        ["rounds.example", "Pays late, be careful", "from the manager"],
      ]);
      const lost = await server.sql("SELECT field, value FROM field_history WHERE lost");
      expect(lost).toEqual([["short_name", '"from the rep"']]);
      expect(await server.sql("SELECT count(*) FROM record WHERE kind = 'follow_up'")).toEqual([["2"]]);
    });

    for (const device of [rep, manager]) {
      await device.openAccount(account);
      await device.page.getByRole("link", { name: "Details" }).first().click();
      await expect(device.page.getByText("Pays late, be careful").first()).toBeVisible();
      await expect(device.page.getByText("from the manager").first()).toBeVisible();
      await device.page.goto("/notices");
      await expect(device.page.getByText("from the rep").first()).toBeVisible();
    }

    await test.step("one tap puts the rep's value back, and the manager has it within a second", async () => {
      await rep.page.getByRole("button", { name: "Put mine back" }).click();
      const current = () => server.sql(`SELECT body->>'short_name' FROM record WHERE body->>'name' = '${account}'`);
      await expect.poll(current).toEqual([["from the rep"]]);
      await manager.openAccount(account);
      await manager.page.getByRole("link", { name: "Details" }).first().click();
      await expect(manager.page.getByText("from the rep").first()).toBeVisible();
    });
    expect([...rep.complaints, ...manager.complaints]).toEqual([]);
  } finally {
    await rep.remove();
    await manager.remove();
    await server.remove();
  }
}
