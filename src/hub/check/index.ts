/* A partner compared with the hub: read-back (an answer), compare-object (one), run (all of them), tally (what came of it). */
export { Checks, type CheckReport, type CheckRequest } from './checks';
export { driftOf, type ModuleDrift } from './tally';
