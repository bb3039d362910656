-- Nothing was changed that the version before needs.
SELECT 1;
