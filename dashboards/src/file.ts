/** A dashboard as it stands in its file: two spaces, a final new line. */
export const toFile = (dashboard: object): string => `${JSON.stringify(dashboard, null, 2)}\n`;
