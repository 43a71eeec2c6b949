# For tests that capture what supervisors log; the package itself does not log.
{:ok, _applications} = Application.ensure_all_started(:logger)
ExUnit.start()
