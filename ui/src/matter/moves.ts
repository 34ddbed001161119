/** How the legal moves of a matter, which the server names, are offered on the board. */
import type { Legal } from '@/api/matter'

/** The moves that bring a matter into another state, in the order of the server. */
export const leading = (moves: readonly Legal[], from: string): Legal[] => moves.filter((m) => m.to && m.to !== from)

/** Those that bring it into one state. */
export const into = (moves: readonly Legal[], from: string, to: string): Legal[] => leading(moves, from).filter((m) => m.to === to)

/** Whether a move needs more than the will to make it: then its form is opened. */
export const demands = (m: Legal): boolean => m.reason || m.evidence || m.owner || m.due || m.measures || m.way
