import { builder } from "../builder.ts";
import type { NotificationPort } from "../context.ts";

const NotificationSetup = builder.objectRef<NotificationPort>("NotificationSetup").implement({
  description: "How this server tells people and programs of what happens. The operator's settings.",
  fields: (t) => ({
    email: t.exposeBoolean("email", {
      description: "Mail can be sent: SLUICE_SMTP_URL and SLUICE_MAIL_FROM are set. Otherwise nobody gets any.",
    }),
    publicUrl: t.string({
      description:
        "Where the links in messages lead: SLUICE_PUBLIC_URL, or else the address that this server listens on.",
      resolve: ({ origin }) => origin(),
    }),
    privateReceivers: t.exposeBoolean("privateReceivers", {
      description: "Webhooks may lead to private addresses: SLUICE_WEBHOOKS_PRIVATE is on.",
    }),
  }),
});

builder.queryField("notificationSetup", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: NotificationSetup,
    description: "How this server tells people and programs of what happens.",
    resolve: (_root, _args, { notifications }) => notifications,
  }),
);
