/**
 * Another program's text with a space in place of each character that a terminal would interpret, or that hides or turns
 * text around: controls, invisible and bidirectional ones (https://trojansource.codes).
 */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu, " ");
}
