// A profile copied to a second device with work waiting in it: both go on, nothing is lost and nothing comes twice.
import { expect, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany } from "../support/rep.ts";
import { healed, log, logged, openFirstAccount } from "../support/work.ts";

test("a cloned profile becomes a device of its own", async () => {
  const { server, rep } = await demoCompany(5);
  const original = await Device.new(server.origin);
  let copy: Device | undefined;
  try {
    await original.signIn(rep);
    await original.installed();
    await openFirstAccount(original.page);
    await server.kill9();
    await log(original.page, "Before the copy");
    await expect.poll(() => original.stored("outbox")).toHaveLength(1);
    copy = await original.clone();
    for (const [device, text] of [[original, "In the original"], [copy, "In the copy"]] as const) {
      await openFirstAccount(device.page);
      await log(device.page, text);
      await expect.poll(() => device.stored("outbox")).toHaveLength(2);
    }
    await server.restart();
    for (const device of [original, copy]) await device.page.evaluate(() => dispatchEvent(new Event("online")));
    for (const device of [original, copy]) await healed(device);
    const texts = ["Before the copy", "In the copy", "In the original"];
    expect([...(await logged(server, "Before")), ...(await logged(server, "In the"))]).toEqual(texts);
    const [[devices]] = await server.sql("SELECT count(*) FROM device WHERE revoked_at IS NULL");
    expect(devices).toBe("2");
    expect([...original.complaints, ...copy.complaints]).toEqual([]);
  } finally {
    await original.remove();
    await copy?.remove();
    await server.remove();
  }
});
