/** Told how much of how much is done, whenever that changes. */
export type Report = (done: number, total: number) => void;
