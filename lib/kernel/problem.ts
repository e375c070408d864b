/** What goes wrong in the page, and what a command came to. */

/** A thing that went wrong, already in words: what happened, what it means for the money, what to do. */
export interface Problem {
  readonly code: string
  readonly title: string
  readonly money: string
  readonly action: string
}

export type Outcome =
  | { readonly status: 'done' }
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed'; readonly problem: Problem }
