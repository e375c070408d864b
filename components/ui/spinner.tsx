/** Three pieces that take turns. Always beside words, so it is hidden from screen readers. */
export function Spinner() {
  return (
    <span aria-hidden className="inline-flex gap-1">
      {['0ms', '160ms', '320ms'].map((delay) => (
        <span
          key={delay}
          className="size-2 animate-pulse rounded-[2px] bg-current"
          style={{ animationDelay: delay }}
        />
      ))}
    </span>
  )
}
