-- An instance of imported data alone has no connection: there is nobody to ask for more. Its account and marketplace are empty.
ALTER TABLE instances ALTER COLUMN connection_id DROP NOT NULL;
