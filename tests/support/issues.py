"""Which issue asks for which tests: the time of First light (2) and of Foundation, complete (4) is limited.

Each sentence names folders, files and tests below `tests/`, a test by how it begins. A test goes before its
file, a file before its folder: a folder of the foundation takes what nothing else names. What both issues ask
for is First light's where its text names it and its tests were there when it was resolved; in doubt it is the
foundation's. `LATER` takes from the folders what other issues brought; tests that no name means belong to
others too. Decision 0303.
"""

from __future__ import annotations

FIRST_LIGHT = {
    "Two commands; Ctrl-C and kill -9 of the parent leave nothing that blocks the next start": """
        acceptance/test_the_demo
        integration/jobs/test_worker::test_a_worker_ends_when_its_supervisor_has_died
        integration/jobs/test_worker_command::test_the_worker_and_its_processes_end_with_the_process_they
        """,
    "Embedded servers by our own runners; full disk": "integration/servers",
    "Tenancy: engine, context, NoTenant, roles, protect, composite keys, TenantKey, boot self-check, `jiceng "
    "check` with seeded defects, two-tenant isolation over SQL; core and plugin migrations": """
        integration/database/test_bulk integration/database/test_counters integration/database/test_engine
        integration/database/test_isolation integration/database/test_links integration/database/test_lint
        integration/database/test_migrate integration/database/test_roles integration/database/test_selfcheck
        integration/tenancy unit/database/test_folders unit/database/test_source unit/database/test_tables
        unit/database/test_touched
        """,
    "Jobs: table, relay role, claim with fence and lease, arq as doorbell, sweep": """
        integration/jobs/test_bell integration/jobs/test_queue
        integration/jobs/test_worker::test_a_killed_workers_job_is_taken_over_within_five_seconds
        unit/jobs/test_arguments unit/jobs/test_status unit/jobs/test_worker_environment
        """,
    "30 worker kills, one FLUSHALL, 500 small evaluations": "integration/jobs/test_kills",
    "Onboarding folder: plan and apply": """
        integration/operations/test_onboarding unit/operations/test_tenant_file
        """,
    "Roster: import with preview, all faults at once, all or nothing; demo data of the real sizes": """
        acceptance/test_a_roster_is_imported integration/roster/test_import unit/operations/test_demo_data
        unit/roster unit/spreadsheets
        """,
    "Plugin host: entry points, per-tenant activation, hooks typed and documented": """
        architecture/test_hooks_documented integration/schemes/test_host unit/api/test_workflows
        """,
    "The `points` scheme's evaluation runs in a worker, explained line by line; claims imported as facts": """
        acceptance/test_an_admin_evaluates_the_year acceptance/test_an_admin_hands_in_facts
        integration/evaluation/test_explaining integration/evaluation/test_runs
        integration/facts/test_importing integration/facts/test_correcting unit/evaluation/test_inputs
        unit/evaluation/test_outcomes unit/facts/test_checking unit/facts/test_layout unit/facts/test_shown
        unit/points/test_scheme
        """,
    "Console: password login hashed in a thread, lock-out, session digest, CSRF, invitation": """
        acceptance/test_a_person_signs_in integration/accounts/test_signing_in unit/console/test_figures
        unit/accounts/test_password_hashing unit/accounts/test_tokens
        acceptance/test_every_page_is_fenced::test_a_form_without_its_token_is_refused
        acceptance/test_every_page_is_fenced::test_a_token_of_another_session_or_browser_is_refused
        acceptance/test_every_page_is_fenced::test_the_token_may_come_in_the_header_as_htmx_sends_it
        """,
    "Checks: mypy, import contracts exhaustive": """
        architecture/test_import_contracts architecture/test_layout
        """,
    "Bad input: wrong database URL, port in use": """
        integration/jobs/test_worker_command::test_a_worker_process_without_a_database_says_so_and_ends
        unit/app/test_the_port
        """,
}

FOUNDATION = {
    "Widen tenancy, jobs and security: what First light does not name": """
        integration/accounts integration/audit integration/children integration/database integration/files
        integration/jobs integration/operations unit/accounts unit/app unit/audit unit/console unit/database
        unit/files unit/jobs unit/kernel unit/operations unit/watching
        """,
    "People and roles, data scope, TOTP, 三员, sessions, policies": """
        acceptance/test_scopes_and_second_factor integration/evaluation/test_data_scopes
        integration/roster/test_leaving
        acceptance/test_a_person_signs_in::test_a_person_ends_another_session_of_his_own
        integration/accounts/test_signing_in::test_nobody_is_there_before_he_was_invited
        integration/accounts/test_signing_in::test_the_database_refuses_the_same_login_twice
        integration/accounts/test_signing_in::test_an_idle_session_ends
        integration/accounts/test_signing_in::test_a_session_in_use_ends_after_twelve_hours
        unit/accounts/test_password_hashing::test_the_service_hashes_with_32_mib_in_three_passes
        """,
    "Routes: every method × route × role × foreign tenant": """
        acceptance/test_the_route_matrix acceptance/test_foreign_ids_take_no_other_time
        """,
    "Audit log in the same transaction, its page": """
        acceptance/test_an_auditor_reads_the_log architecture/test_downloads_are_told
        architecture/test_every_event_is_tested acceptance/test_whole_tables_leave_under_watch
        integration/tenancy/test_registry::test_every_change_of_the_registry_is_in_the_tenants_own_log
        integration/tenancy/test_registry::test_a_change_of_the_registry_and_its_entry_commit_together_or_not
        integration/tenancy/test_registry::test_the_operator_writes_into_the_log_of_the_tenant_it_entered_and
        integration/database/test_engine::test_what_comes_before_the_commit_commits_with_it_and_undoes_it
        integration/database/test_engine::test_cancelled_before_the_commit_nothing_is_saved_and_the
        """,
    "File store": "acceptance/test_files_are_attached",
    "Jobs: fairness, cron, cancel, parked jobs, graceful stop; no pickle (T48), the same again (T50)": """
        acceptance/test_jobs_are_looked_after
        integration/jobs/test_bell::test_the_same_evaluation_asked_for_again_runs_again
        integration/jobs/test_bell::test_a_pickle_in_the_queue_is_dropped_and_not_run
        integration/jobs/test_queue::test_a_job_that_kills_its_worker_every_time_is_parked_with_its_error
        integration/jobs/test_queue::test_tenants_take_turns_whatever_one_has_queued
        integration/jobs/test_queue::test_a_cancelled_queued_job_never_starts
        integration/jobs/test_queue::test_a_running_job_hears_that_it_was_cancelled
        integration/jobs/test_queue::test_a_handler_that_never_looks_is_stopped_after_the_cancel
        integration/jobs/test_queue::test_a_job_over_its_time_limit_is_parked
        integration/jobs/test_queue::test_ten_thousand_jobs_of_one_tenant_delay_anothers_by_one_job
        """,
    "Plugin code in limited children: eight misbehaviours contained": """
        integration/schemes/test_host::test_eight_bad_plugins_change_nothing_for_the_others
        integration/schemes/test_host::test_a_plugin_sees_no_secret_of_the_platform
        """,
    "piccolo-admin mends": "acceptance/test_the_record_console",
    "API: tokens, document, idempotency keys, Problem Details": """
        acceptance/test_a_program_is_cut_off acceptance/test_a_program_uses_the_api
        acceptance/test_an_admin_makes_tokens acceptance/test_the_api_keeps_its_document
        acceptance/test_the_api_matrix
        """,
    "Operation: headers, limits, health, production refuses wrong roles": """
        acceptance/test_a_flood_of_sign_ins acceptance/test_every_page_is_fenced
        acceptance/test_production_mode
        acceptance/test_the_service_is_watched architecture/test_operators_page
        integration/database/test_lint::test_a_server_without_its_security_release_is_found
        integration/database/test_selfcheck::test_in_production_a_server_without_its_security_release_is
        integration/database/test_selfcheck::test_in_production_a_server_with_exactly_its_security_release_is
        integration/database/test_selfcheck::test_neither_the_service_nor_a_worker_starts_with_a_role_that
        integration/servers/test_sharing::test_the_version_of_the_pinned_server_is_told
        """,
    "Controls 1-43 and the threats of the web, as docs/security.md lists them": """
        acceptance/test_a_person_is_erased acceptance/test_a_second_person_approves
        acceptance/test_attacks_over_a_socket acceptance/test_fields_are_for_roles
        acceptance/test_labels_are_enforced acceptance/test_names_stand_in_no_address
        acceptance/test_nothing_personal_is_left_behind acceptance/test_odd_values_never_crash
        acceptance/test_personal_numbers_are_kept_closed architecture/test_nothing_calls_out
        architecture/test_sealed_columns_are_declared architecture/test_security_page
        """,
}

LATER = {
    "7: demo: district and town carry two years of stars": "unit/operations/test_demo_stars",
    "8: demo: the enterprises and the district carry two years; coverage 70.13 %": """
        unit/app/test_demo_words unit/operations/test_demo_enterprises
        """,
    "9: demo: sixty projects with a year of reports": "unit/operations/test_demo_projects",
    "9: one project's file as docx and PDF; state machine in one place": """
        unit/kernel/test_documents unit/kernel/test_moves
        """,
}

ISSUES = {"first light": FIRST_LIGHT, "foundation": FOUNDATION, "later": LATER}
