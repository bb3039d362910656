import type { Actor, Right, Role } from "@sluice/engine";

/**
 * What can be done about people and their keys. Each asserts the rights it takes, and throws ForbiddenError,
 * NotFoundError or InvalidInputError besides what it says.
 */
export interface Identity {
  /** @returns the link, which is shown now and never again: as a path of this server, and as an address */
  invitePerson(
    actor: Actor,
    input: {
      readonly role: Role;
      readonly email?: string | null | undefined;
      readonly name?: string | null | undefined;
    },
  ): Promise<{ invitationId: number; path: string; url: string; isMailed: boolean }>;
  revokeInvitation(actor: Actor, invitationId: number): Promise<{ invitationId: number }>;
  /** @throws LastOwnerError */
  changeRole(actor: Actor, input: { readonly actorId: number; readonly role: Role }): Promise<{ actorId: number }>;
  renamePerson(actor: Actor, input: { readonly actorId: number; readonly name: string }): Promise<{ actorId: number }>;
  confirmEmail(actor: Actor, input: { readonly actorId: number; readonly email: string }): Promise<{ actorId: number }>;
  /** @throws LastOwnerError */
  deactivatePerson(actor: Actor, actorId: number): Promise<{ actorId: number }>;
  reactivatePerson(actor: Actor, actorId: number): Promise<{ actorId: number }>;
  /** @returns the secret, which is shown now and never again */
  createApiKey(
    actor: Actor,
    input: { readonly name: string; readonly scopes: readonly Right[] | null; readonly days: number | null },
  ): Promise<{ apiKeyId: number; secret: string }>;
  revokeApiKey(actor: Actor, apiKeyId: number): Promise<{ apiKeyId: number }>;
  updateProfile(
    actor: Actor,
    input: {
      readonly name?: string | null | undefined;
      readonly email?: string | null | undefined;
      readonly password?: string | null | undefined;
      readonly currentPassword?: string | null | undefined;
      readonly emailNotifications?: boolean | null | undefined;
    },
  ): Promise<{ actorId: number }>;
}
