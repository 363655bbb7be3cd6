/** A variable as it stands in a rule. */
export const inRule = (name: string): string => `\${${name}}`;
