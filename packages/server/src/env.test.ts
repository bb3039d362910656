import { join } from "node:path";
import { SetupError } from "@sluice/db";
import { describe, expect, it } from "vitest";
import { readSettings } from "./env.ts";

describe("settings", () => {
  it("has a working default for everything", () => {
    expect(readSettings({ PATH: "/bin" })).toEqual({
      port: 4000,
      host: "127.0.0.1",
      databaseUrl: undefined,
      dataDir: join(process.cwd(), ".sluice"),
      adminToken: undefined,
      token: undefined,
      authSecret: undefined,
      gates: "on",
      pipelinesFile: undefined,
      worker: "embedded",
      logLevel: "info",
      publicUrl: undefined,
      smtpUrl: undefined,
      mailFrom: undefined,
      webhooksPrivate: "off",
      deliveryDays: 30,
      graphiql: true,
    });
  });

  it("takes every variable", () => {
    const settings = readSettings({
      PORT: "0",
      HOST: "::",
      DATABASE_URL: "postgres://u:p@db/sluice",
      SLUICE_DATA_DIR: "/srv/sluice",
      SLUICE_ADMIN_TOKEN: "0123456789abcdef",
      SLUICE_TOKEN: "slt_0123456789",
      SLUICE_AUTH_SECRET: "0123456789abcdef0123456789abcdef",
      SLUICE_GATES: "off",
      SLUICE_PIPELINES: "conf/pipelines.yaml",
      SLUICE_WORKER: "off",
      LOG_LEVEL: "debug",
      SLUICE_PUBLIC_URL: "https://sluice.example.org/",
      SLUICE_SMTP_URL: "smtps://user:p%40ss@mail.example.org",
      SLUICE_MAIL_FROM: "Sluice <sluice@example.org>",
      SLUICE_WEBHOOKS_PRIVATE: "on",
      SLUICE_DELIVERY_DAYS: "90",
      NODE_ENV: "production",
    });
    expect(settings).toEqual({
      port: 0,
      host: "::",
      databaseUrl: "postgres://u:p@db/sluice",
      dataDir: "/srv/sluice",
      adminToken: "0123456789abcdef",
      token: "slt_0123456789",
      authSecret: "0123456789abcdef0123456789abcdef",
      gates: "off",
      pipelinesFile: join(process.cwd(), "conf/pipelines.yaml"),
      worker: "off",
      logLevel: "debug",
      publicUrl: "https://sluice.example.org",
      smtpUrl: "smtps://user:p%40ss@mail.example.org",
      mailFrom: "Sluice <sluice@example.org>",
      webhooksPrivate: "on",
      deliveryDays: 90,
      graphiql: false,
    });
  });

  it("lets a command of `listen --exec` run commands of Sluice", () => {
    expect(readSettings({ SLUICE_ALERT_CHANGE: "RAISED", SLUICE_ALERT_RUN: "12" })).toMatchObject({ port: 4000 });
  });

  it("takes an empty value as absent", () => {
    expect(readSettings({ PORT: "", DATABASE_URL: " " })).toMatchObject({ port: 4000, databaseUrl: undefined });
  });

  it.each([
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "4000x"],
    ["HOST", "127.0.0.1 ::1"],
    ["DATABASE_URL", "mysql://secret-value/x"],
    ["SLUICE_ADMIN_TOKEN", "secret-value"],
    ["SLUICE_GATES", "true"],
    ["SLUICE_WORKER", "on"],
    ["LOG_LEVEL", "verbose"],
    ["SLUICE_PUBLIC_URL", "https://example.org/sluice"],
    ["SLUICE_PUBLIC_URL", "example.org"],
    ["SLUICE_SMTP_URL", "mail.example.org:587"],
    ["SLUICE_SMTP_URL", "https://mail.example.org"],
    ["SLUICE_MAIL_FROM", "Sluice"],
    ["SLUICE_MAIL_FROM", "a@example.org, b@example.org"],
    ["SLUICE_WEBHOOKS_PRIVATE", "yes"],
    ["SLUICE_DELIVERY_DAYS", "0"],
    ["SLUICE_DELIVERY_DAYS", "30d"],
    ["SLUICE_DELIVERY_DAYS", "9999"],
  ])("refuses %s=%s and says what is allowed", (name, value) => {
    const read = () => readSettings({ [name]: value });
    expect(read).toThrow(SetupError);
    expect(read).toThrow(new RegExp(`^${name} cannot be .+ Allowed: .+\\.$`));
  });

  it("never repeats a secret", () => {
    expect(() => readSettings({ SLUICE_ADMIN_TOKEN: "short" })).toThrow(/^(?!.*short)/);
    expect(() => readSettings({ DATABASE_URL: "mysql://u:hidden@h/d" })).toThrow(/^(?!.*hidden)/);
  });

  it("refuses a variable it does not know, and suggests the nearest", () => {
    expect(() => readSettings({ SLUICE_GATE: "off" })).toThrow("Did you mean SLUICE_GATES?");
    expect(() => readSettings({ SLUICE_SOMETHING_ELSE: "1" })).toThrow("Known are SLUICE_DATA_DIR");
  });

  it("asks whom mail is from, where mail is to be sent", () => {
    expect(() => readSettings({ SLUICE_SMTP_URL: "smtp://mail.example.org" })).toThrow("needs SLUICE_MAIL_FROM");
    expect(() => readSettings({ SLUICE_SMTP_URL: "http://u:hidden@h" })).toThrow(/^(?!.*hidden)/);
  });

  it("tells of everything that is wrong at once", () => {
    expect(() => readSettings({ PORT: "x", SLUICE_GATES: "x" })).toThrow(/^PORT .+\nSLUICE_GATES .+$/);
  });
});
