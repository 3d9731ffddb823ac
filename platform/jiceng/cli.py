"""The command line: `jiceng …`. Each command starts the embedded servers when no URL is configured."""

import asyncio
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import rich_click as click
from rich.console import Console

from jiceng import demo as demonstration
from jiceng import worker as workers
from jiceng.app import serve as serve_console
from jiceng.evaluation.commands import verify_runs
from jiceng.kernel.database.lint import check_database
from jiceng.kernel.database.migrate import migrate as migrate_database
from jiceng.kernel.database.migrate import registered_tables
from jiceng.kernel.database.refused import OTHER_TABLES, not_migrated
from jiceng.kernel.errors import Refusal
from jiceng.kernel.plugins import refused_plugins
from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings, read_settings
from jiceng.operations import commands as onboarding
from jiceng.operations.allowing import commands as allowing
from jiceng.operations.auditing import commands as auditing
from jiceng.operations.backups import commands as backups
from jiceng.operations.keys.commands import keys_command
from jiceng.operations.supply import commands as supplying
from jiceng_sdk.cases import main as run_cases
from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook.commands import check as check_schemes

OUT = Console()
ERR = Console(stderr=True)
FILES = click.Path(exists=True, path_type=Path)
CHECK_THE_PATH = "check the path, the rights and the room left, then run it again"
REPOSITORY = Path(__file__).parents[2]


def _plain(line: str) -> None:
    OUT.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def prepared() -> Iterator[Settings]:
    """Servers for the length of a command; those of our own are brought up to this code first."""
    with running(read_settings()) as settings:
        if settings.superuser_url:
            asyncio.run(migrate_database(settings))
        yield settings


def main() -> None:
    """Run a command; what is refused is told on the error stream and ends with exit code 1."""
    try:
        commands(standalone_mode=True)
    except (Refusal, Faults) as refused:
        _refused(refused)
    except OTHER_TABLES as error:
        _refused(not_migrated(error))
    except OSError as error:
        if error.filename is None:
            raise  # no file that somebody named: a fault of ours
        _refused(_unusable(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _refused(fault: Exception) -> NoReturn:
    ERR.print(str(fault), style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(1)


def _unusable(error: OSError) -> Refusal:
    """A file or folder that cannot be read or written: no such place, no right, no room."""
    return Refusal(
        f"读写不了这个文件或文件夹（{error.strerror}）",
        str(error.filename),
        "请核对路径、权限和剩余空间，再运行一次",
        what_en=f"cannot read or write: {error.strerror}",
        todo_en=CHECK_THE_PATH,
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Jiceng 基层: every district runs its own appraisal, on one platform."""


@commands.command()
def migrate() -> None:
    """Create or update roles, tables and their protection; a second time changes nothing."""
    with running(read_settings()) as settings:
        report = asyncio.run(migrate_database(settings))
    for app, ran in report.ran.items():
        for migration in ran:
            OUT.print(f"{app}: {migration}", highlight=False)
    OUT.print("数据库已更新 Database updated" if report.changed else "数据库已是最新 Database is up to date")


@commands.command()
def check() -> None:
    """Check that the database still keeps tenants apart; name the plugins that may not be loaded."""
    with running(read_settings()) as settings:
        findings = [*asyncio.run(check_database(settings, registered_tables())), *refused_plugins()]
    for finding in findings:
        OUT.print(str(finding), markup=False, highlight=False)
    OUT.print(f"{len(findings)} 处问题 findings" if findings else "隔离完好 Isolation is intact")
    sys.exit(1 if findings else 0)


@commands.command()
def serve() -> None:
    """Serve the console on JICENG_HOST:JICENG_PORT (127.0.0.1:8000) until Ctrl-C."""
    with prepared() as settings:
        OUT.print(f"http://{settings.host}:{settings.port}/", highlight=False)
        serve_console(settings)


@commands.command()
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="How many worker processes to keep.",
)
def worker(processes: int) -> None:
    """Keep worker processes running until SIGTERM or Ctrl-C."""
    workers.run_worker(read_settings(), processes)


@commands.command()
@click.option("--exit", "leave", is_flag=True, help="Stop after printing the results.")
@click.option("--tenants", "source", type=FILES, default=REPOSITORY / "tenants", help="The tenants' folder.")
def demo(leave: bool, source: Path) -> None:
    """Onboard the tenants, evaluate them through a worker, print the results, serve the console."""
    sys.exit(demonstration.run(read_settings(), source, OUT, leave=leave))


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=FILES)
@click.option("--mutate", is_flag=True, help="Change one thing at a time; report what no case notices.")
def cases(paths: tuple[Path, ...], mutate: bool) -> None:
    """Run worked cases: rulebooks, case files or folders of them."""
    sys.exit(run_cases(paths, mutate, _plain))


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Write a dump of every tenant into a folder; exit code 2 when it is much smaller than the one before."""
    with prepared() as settings:
        sys.exit(asyncio.run(backups.backup_command(settings, folder, OUT)))


@commands.command()
@click.argument("dump", type=FILES)
def restore(dump: Path) -> None:
    """Make the database from a dump; refused where the database holds tenants."""
    with running(read_settings()) as settings:
        sys.exit(asyncio.run(backups.restore_command(settings, dump, OUT)))


@commands.group()
def runs() -> None:
    """Evaluations that were made."""


@runs.command("verify")
@click.option("--tenant", default="", help="Only this tenant (its slug).")
def runs_verify(tenant: str) -> None:
    """Recompute every run from its frozen inputs and compare it to the digit."""
    with prepared() as settings:
        sys.exit(asyncio.run(verify_runs(settings, tenant, OUT)))


@commands.group()
def tenants() -> None:
    """Onboard tenants from a folder: plan, then apply exactly that plan."""


@tenants.command("plan")
@click.argument("source", type=FILES)
@click.option("-o", "out", type=click.Path(path_type=Path), default=None, help="Write the plan to this file.")
@click.option(
    "--marked", type=click.Path(path_type=Path), help="Put faulty workbooks, marked, in this folder."
)
def tenants_plan(source: Path, out: Path | None, marked: Path | None) -> None:
    """Say what `apply` would do. Exit code 0: nothing, 1: faults, 2: changes."""
    with prepared() as settings:
        sys.exit(asyncio.run(onboarding.plan_command(settings, source, out, OUT, marked)))


@tenants.command("apply")
@click.argument("plan", type=FILES)
def tenants_apply(plan: Path) -> None:
    """Do exactly what the plan file says; a plan that no longer fits is refused."""
    with prepared() as settings:
        sys.exit(asyncio.run(onboarding.apply_command(settings, plan, OUT)))


@tenants.command("status")
def tenants_status() -> None:
    """Show every tenant with its plugins, versions and counts."""
    with prepared() as settings:
        sys.exit(asyncio.run(onboarding.status_command(settings, OUT)))


@tenants.command("invite")
@click.argument("slug")
@click.argument("login")
def tenants_invite(slug: str, login: str) -> None:
    """Print a new one-time link for an account whose link was lost or whose password is forgotten."""
    with prepared() as settings:
        sys.exit(asyncio.run(onboarding.invite_command(settings, slug, login, OUT)))


@commands.group()
def audit() -> None:
    """The audit log: prove that nothing was changed or removed."""


@audit.command("verify")
@click.argument("file", required=False, type=FILES)
@click.option("--tenant", default="", help="Only this tenant (its slug).")
@click.option("--against", type=FILES, default=None, help="Heads printed earlier, or an earlier export.")
@click.option("--keys", type=FILES, default=None, help="Public keys that must have signed those heads.")
def audit_verify(file: Path | None, tenant: str, against: Path | None, keys: Path | None) -> None:
    """Verify the chain of every tenant's log, or of an exported FILE without a database."""
    if file is not None:
        sys.exit(auditing.verify_file_command(file, against, keys, OUT))
    with prepared() as settings:
        sys.exit(asyncio.run(auditing.verify_command(settings, tenant, against, keys, OUT)))


@audit.command("key")
def audit_key() -> None:
    """Print the public key that heads are signed with."""
    with prepared() as settings:
        sys.exit(asyncio.run(auditing.key_command(settings, OUT)))


@audit.command("export")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--tenant", required=True, help="The tenant's slug.")
def audit_export(out: Path, tenant: str) -> None:
    """Write a tenant's log to a file that can be verified elsewhere."""
    with prepared() as settings:
        sys.exit(asyncio.run(auditing.export_command(settings, tenant, out, OUT)))


@commands.group()
def keys() -> None:
    """Keys of encrypted columns: which are in use, new ones, values moved to them."""


@keys.command("status")
def keys_status() -> None:
    """Show the suite, the wrapping key and how many values are still of older keys."""
    with prepared() as settings:
        sys.exit(asyncio.run(keys_command(settings, "status", OUT)))


@keys.command("renew")
def keys_renew() -> None:
    """Make new keys; stored values follow by `keys convert` or overnight, while the service runs."""
    with prepared() as settings:
        sys.exit(asyncio.run(keys_command(settings, "renew", OUT)))


@keys.command("convert")
def keys_convert() -> None:
    """Move every stored value to the current keys and suite now."""
    with prepared() as settings:
        sys.exit(asyncio.run(keys_command(settings, "convert", OUT)))


@commands.group()
def supply() -> None:
    """What the service is built from."""


@supply.command("bill")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--lock", type=FILES, default=REPOSITORY / "requirements.lock", help="The lock file.")
def supply_bill(out: Path, lock: Path) -> None:
    """Write the bill of materials (SBOM, CycloneDX) made from the lock; needs no network."""
    sys.exit(supplying.bill_command(lock, out, OUT))


@supply.command("check")
@click.option("--lock", type=FILES, default=REPOSITORY / "requirements.lock", help="The lock file.")
@click.option("--advisories", type=FILES, default=None, help="A newer data file than the shipped one.")
def supply_check(lock: Path, advisories: Path | None) -> None:
    """Tell of known holes in what is locked, by the shipped data file; needs no network."""
    sys.exit(supplying.check_command(lock, advisories, OUT))


@commands.group()
def plugins() -> None:
    """Plugins that may be loaded here: in production only those of a signed list."""


@plugins.command("list")
def plugins_list() -> None:
    """Every installed plugin, and whether the list allows it; exit code 1 when it refuses one."""
    sys.exit(allowing.list_command(OUT))


@plugins.command("sign")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), required=True, help="Private key; made when absent.")
@click.option("--plugin", "names", multiple=True, help="Only this package (all that are installed).")
def plugins_sign(out: Path, key: Path, names: tuple[str, ...]) -> None:
    """Write the list of the plugins installed here, signed with the operator's key."""
    sys.exit(allowing.sign_command(out, key, names, OUT))


@commands.group()
def scheme() -> None:
    """Schemes and rulebooks."""


@scheme.command("check")
@click.argument("paths", nargs=-1, required=True, type=FILES)
def scheme_check(paths: tuple[Path, ...]) -> None:
    """Find every fault of rulebooks: file, line, path, what to do."""
    sys.exit(check_schemes(paths, OUT))


@commands.command()
@click.option("--full", is_flag=True, help="At the sizes the product promises; takes minutes.")
def bench(full: bool) -> None:
    """Measure the engine and the service as ratios, side by side in one run."""
    found = sorted((REPOSITORY / "tests" / "bench").rglob("bench_*.py"))
    if not found:
        raise Refusal(
            "这里没有测量程序",
            str(REPOSITORY / "tests" / "bench"),
            "请在源代码目录里运行",
            what_en="benchmarks live in a checkout of the repository",
        )
    sys.path.insert(0, str(REPOSITORY))  # the programs import their parts as tests.bench…
    worst = 0
    for file in found:
        name = ".".join(file.relative_to(REPOSITORY).with_suffix("").parts)
        worst = max(worst, int(importlib.import_module(name).main(full)))
    sys.exit(worst)
