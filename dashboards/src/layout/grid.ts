/** Columns of Grafana's grid, as the contract has it; a number of its own so that nothing of the contract runs here. */
export const GRID_COLUMNS = 24;
