DROP TABLE "operator_files";
