"""党建文件流水线: forms in by folder, marked files back, tables and letters out."""
