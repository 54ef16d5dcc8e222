"""Loads result files into PostgreSQL with dlt, merging each by its key, and prints what it took as one line of JSON.

The database address comes in the environment (PEER_DATABASE_URL), everything else as arguments.
"""

import argparse
import json
import os
import time

import dlt
import psycopg2
import pyarrow as pa
import pyarrow.csv
from dlt.common.destination.configuration import CsvFormatConfiguration

TEXT = ["source", "advertiser", "ad_product", "campaign_id", "campaign", "currency"]
WHOLE = ["impressions", "clicks", "spend_microcents", "purchases", "units", "ntb_purchases", "detail_page_views", "add_to_carts"]
MONEY = ["cost_millicents", "sales", "ntb_sales"]
# In the order of the file: a file that is imported as it is must match the table.
ORDER = (
    "source event_date advertiser ad_product campaign_id campaign currency filtered impressions clicks spend_microcents cost_millicents "
    "purchases sales units ntb_purchases ntb_sales detail_page_views add_to_carts"
).split()
KEY = ["event_date", "source", "campaign_id"]
TABLE = "campaign_performance"


def column(name: str) -> dict:
    kind = "text" if name in TEXT else "bigint" if name in WHOLE else "decimal" if name in MONEY else "date" if name == "event_date" else "bool"
    return {"name": name, "data_type": kind, "nullable": name not in KEY, **({"precision": 38, "scale": 9} if kind == "decimal" else {})}


def arrow_type(name: str) -> pa.DataType:
    if name in TEXT:
        return pa.string()
    if name in WHOLE:
        return pa.int64()
    if name in MONEY:
        return pa.decimal128(38, 9)
    return pa.date32() if name == "event_date" else pa.bool_()


def resource_of(paths: list, source: str, strategy: str):
    # Days as merge key replace whole days without looking for duplicates; upsert needs the whole key.
    keys = {"primary_key": KEY} if strategy != "replace-days" else {"merge_key": "event_date"}
    disposition = {"disposition": "merge", "strategy": "upsert" if strategy == "upsert" else "delete-insert"}

    @dlt.resource(name=TABLE, write_disposition=disposition, columns=[column(name) for name in ORDER], **keys)
    def files():
        for path in paths:
            if source == "import":
                yield dlt.mark.with_file_import(path, "csv")
            else:
                options = pyarrow.csv.ConvertOptions(column_types={name: arrow_type(name) for name in ORDER}, strings_can_be_null=True, null_values=[""])
                yield pyarrow.csv.read_csv(path, convert_options=options)

    return files


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--dataset", required=True)
    arguments.add_argument("--pipelines", required=True, help="folder for dlt's working files")
    arguments.add_argument("--source", choices=["arrow", "import"], required=True)
    arguments.add_argument("--strategy", choices=["delete-insert", "replace-days", "upsert"], required=True)
    arguments.add_argument("--format", choices=["csv", "parquet"], required=True, help="files between dlt and the database")
    arguments.add_argument("--one-run", action="store_true", help="all files in one run instead of a run for each")
    arguments.add_argument("--index", action="store_true", help="make the table and its index first, outside the measured time")
    arguments.add_argument("files", nargs="+")
    given = arguments.parse_args()

    url = os.environ["PEER_DATABASE_URL"]
    csv_format = CsvFormatConfiguration(include_header=True)
    destination = dlt.destinations.postgres(url, csv_format=csv_format) if given.source == "import" else dlt.destinations.postgres(url)
    pipeline = dlt.pipeline(f"peer_{given.dataset}", destination=destination, dataset_name=given.dataset, pipelines_dir=given.pipelines)

    def run(paths: list) -> None:
        pipeline.run(resource_of(paths, given.source, given.strategy)(), loader_file_format=given.format).raise_on_failed_jobs()

    if given.index:
        empty = os.path.join(given.pipelines, "header.csv")
        with open(given.files[0]) as first, open(empty, "w") as header:
            header.write(first.readline())
        run([empty])
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE UNIQUE INDEX ON {given.dataset}.{TABLE} ({', '.join(KEY)})")
    begun = time.perf_counter()
    for paths in [given.files] if given.one_run else [[path] for path in given.files]:
        run(paths)
    seconds = time.perf_counter() - begun
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(DISTINCT ({', '.join(KEY)})) FROM {given.dataset}.{TABLE}")
        rows, keys = cursor.fetchone()
    print(json.dumps({"seconds": seconds, "rows": rows, "keys": keys}))


if __name__ == "__main__":
    main()
