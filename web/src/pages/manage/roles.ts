/** The groups of roles that pages are for, as the server's table of permissions has them. */
export const EVERYBODY: readonly string[] = ["admin", "manager", "member", "labeler"];
export const TEAM: readonly string[] = ["admin", "manager", "member"];
export const LEADS: readonly string[] = ["admin", "manager"];
export const ADMINS: readonly string[] = ["admin"];
