/** The look of a control on the player's dark bar. */
export const CONTROL_CLASS =
  'grid h-10 min-w-10 shrink-0 place-items-center rounded-lg px-1 hover:bg-white/15 focus-visible:outline-white'
