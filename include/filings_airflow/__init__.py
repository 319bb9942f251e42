"""The only code that knows Airflow besides dags/ and plugins/: container tasks, the gate, task groups, alerts."""
