"""The Spark engine: the local kernels over tables in Parquet, with the rows of the local engine.

Reading, detection and attribution run on Spark; what is small by nature (components of families, clusters, outlets)
is put together by the driver. `job.run_job` does everything; `provenance.importing` brings its result into SQLite.
"""
