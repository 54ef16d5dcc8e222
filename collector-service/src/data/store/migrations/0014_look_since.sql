-- Set by a restore on runs that were open when the back-up was taken: the collector that went on then may have bought their execution,
-- and nothing here says so. Whoever is about to buy looks for one created since; cleared by the purchase.
ALTER TABLE week_runs ADD COLUMN look_since timestamptz;
