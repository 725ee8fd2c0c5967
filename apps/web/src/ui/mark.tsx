/** The sign of Heddle: the eye of a heddle between two threads. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M6 2v16M14 2v16M10 2v3.5M10 14.5V18M10 5.5c-2 1.6-2 7.4 0 9 2-1.6 2-7.4 0-9z" />
    </svg>
  );
}
