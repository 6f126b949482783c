"""The one place where exceptions become exit codes (contract: exit codes) and sentences on stderr.

A clerk never sees a traceback: a defect becomes one line that names a log file; PIPELINE_DEBUG=1 prints it instead.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

import click

from pipeline.cli import words
from pipeline.cli.system import in_chinese
from pipeline.errors import ExitCode, PipelineError


def carry_out(command: click.Command, arguments: Sequence[str] | None) -> int:
    """Run the command and give the exit code; whatever went wrong has been said in Chinese on stderr."""
    try:
        answer = command.main(arguments, prog_name="pipeline", standalone_mode=False)
        return int(answer or ExitCode.OK)
    except (click.Abort, KeyboardInterrupt):
        return _said("已中断。已写好的文件都在，再运行一次会接着做。", ExitCode.INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        return _said(error.format_message(), ExitCode.USAGE)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        usage = f"{context.get_usage()}\n（详细写法：{context.command_path} --help）\n" if context else ""
        return _said(f"{usage}错误：{words.complaint(error)}", ExitCode.USAGE)
    except PipelineError as error:
        return _said(f"错误：{in_chinese(str(error))}", error.exit_code)
    except OSError as error:
        return _said(f"错误：{disk_sentence(error)}", ExitCode.STORE)
    except Exception as error:
        import traceback

        return _said(defect_sentence(type(error).__name__, "".join(traceback.format_exception(error))), ExitCode.DEFECT)


def disk_sentence(error: OSError) -> str:
    """What the machine refused, with the path."""
    where = f"「{words.printable(str(error.filename))}」" if error.filename else "文件"
    reasons = {
        FileNotFoundError: "不存在，请检查路径。",
        PermissionError: "没有读写权限，请换一个文件夹，或者请管理员开通权限。",
        FileExistsError: "已经存在，请换一个名称。",
        NotADirectoryError: "不是文件夹，请检查路径。",
        IsADirectoryError: "是文件夹，这里要写文件。",
    }
    return where + reasons.get(
        type(error), f"读写失败（{in_chinese(error.strerror or str(error))}），请检查磁盘和共享文件夹。"
    )


def defect_sentence(name: str, details: str) -> str:
    """One line for a defect of the program; the details go into a log file, or to stderr with PIPELINE_DEBUG=1."""
    import tempfile

    if os.environ.get("PIPELINE_DEBUG") == "1":
        click.echo(details, err=True)
        return f"程序出错：{name}。"
    with suppress(OSError):
        handle, path = tempfile.mkstemp(prefix="pipeline-", suffix=".log")
        with open(handle, "w", encoding="utf-8") as log:  # noqa: PTH123 - mkstemp hands over a descriptor
            log.write(details)
        return f"程序出错（{name}），经过已记入 {path}，请把这个文件发给维护人员。"
    return f"程序出错（{name}）。加上环境变量 PIPELINE_DEBUG=1 再运行一次，可以看到经过。"


def _said(sentence: str, code: ExitCode) -> int:
    click.echo(sentence, err=True)
    return code
