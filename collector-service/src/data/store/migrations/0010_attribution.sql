-- What decides when a dataset's numbers stop changing has Amazon's word, attribution; it was called lens, and 'none' was called 'traffic'.
-- Versions whose file is gone are read from their definition alone, so that every definition is lifted here. The key is no part of
-- definition_sha256: nothing that is stored depends on it.
UPDATE datasets
   SET definition = (definition - 'lens')
         || jsonb_build_object('attribution', CASE definition->>'lens' WHEN 'traffic' THEN 'none' ELSE definition->>'lens' END)
 WHERE definition ? 'lens';
