/** The mark: an alpaca's head in three strokes (ears and topknot, face, eye), in the colour of the text around it. */
export function Mark({ className = '' }: { className?: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
    >
      <path d="M3.5 15V7.500C3.5 4.500 4 3 5 1.500L7.250 4" />
    </svg>
  )
}
