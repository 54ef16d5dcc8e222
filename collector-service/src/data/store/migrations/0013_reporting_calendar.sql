-- The weeks and months that people of a workspace report in; NULL is Monday weeks and calendar months.
ALTER TABLE workspaces ADD COLUMN calendar jsonb;
