/**
 * Ties the two catalogs together: English is the pattern, and Chinese must have the same keys
 * (Chinese has no plural forms, so it leaves out `…_one`). A missing key in either is a compile error.
 */
export type Messages<English> = {
  [Key in keyof English as Key extends `${string}_one` ? never : Key]: English[Key] extends string
    ? string
    : Messages<English[Key]>
}
