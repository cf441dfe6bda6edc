/** The measures of an icon beside words. */
export const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;
export const smallIcon = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;
