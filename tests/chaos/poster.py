"""The program cho40_chaos_poster as a process that is watched, stopped and killed."""
import os
import pathlib
import signal
import subprocess
import threading

PATIENCE = 120  # seconds: a busy machine and a build with sanitizers
DONE, WRONG, LEASE_LOST, NO_START, KILLED_BY_FAULT = 0, 1, 3, 5, 137


class Hung(Exception):
    """Something did not happen in all the time it had."""


class Poster:
    def __init__(self, program, database, folder, name, seed, commands, fault="", refusals=False):
        self.name = name
        command = [program, "--database", database, "--folder", folder, "--name", name, "--seed", str(seed), "--commands", str(commands)]
        environment = dict(os.environ, CHO40_FAULT=fault)
        self.process = subprocess.Popen(command + ["--refusals"] * refusals, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, errors="replace")
        self.epoch, self._answers, self._said = None, 0, ""
        self._changed = threading.Condition()
        self._log = open(pathlib.Path(folder, f"{name}.log"), "a", encoding="utf-8")
        self._readers = [threading.Thread(target=self._read_progress, daemon=True), threading.Thread(target=self._read_log, daemon=True)]
        for reader in self._readers:
            reader.start()

    def _read_progress(self):
        for line in self.process.stdout:
            word, _, number = line.partition(" ")
            with self._changed:
                if word == "writing":
                    self.epoch = int(number)
                else:
                    self._answers = int(number)
                self._changed.notify_all()
        self.process.wait()
        with self._changed:
            self._changed.notify_all()

    def _read_log(self):
        for line in self.process.stderr:
            self._log.write(line)
            self._log.flush()
            with self._changed:
                self._said += line
                self._changed.notify_all()

    def _wait_for(self, condition, what):
        """False: the process ended first."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition() or self.process.poll() is not None, PATIENCE):
                raise Hung(f"{self.name}: {what}")
            return condition()

    def wait_for_answers(self, count):
        return self._wait_for(lambda: self._answers >= count, f"{count} answers; there are {self._answers}")

    def wait_until_it_writes(self):
        return self._wait_for(lambda: self.epoch is not None, "the lease")

    def wait_until_it_says(self, text):
        return self._wait_for(lambda: text in self._said, f"'{text}' in the log")

    def has_said(self, text):
        with self._changed:
            return text in self._said

    def wait_until_it_stands_still(self):
        """For a fault that freezes. False: it ended without reaching it."""
        alarm = threading.Timer(PATIENCE, self.kill)
        alarm.start()
        try:
            return os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT).si_code == os.CLD_STOPPED
        finally:
            alarm.cancel()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()

    def wait(self):
        """Its exit code; everything it said has been read."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Hung(f"{self.name} does not end") from None
        for reader in self._readers:
            reader.join()
        self._log.close()
        return code
