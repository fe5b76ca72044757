"""From a URL to a record: plain functions of frozen values, without a database and without a workflow engine."""
