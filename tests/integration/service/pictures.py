"""What programs of others read in a PDF."""
import pathlib
import subprocess
import tempfile


def _run(pdf, *command):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        return subprocess.run([str(path) if part is None else part for part in command], check=True, capture_output=True).stdout


def text_in_pdf(pdf):
    return " ".join(_run(pdf, "pdftotext", "-raw", None, "-").decode().split())


def codes_in_pdf(pdf):
    """QR codes on its first page, as zbar reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "page.png"
        path.write_bytes(_run(pdf, "pdftoppm", "-png", "-singlefile", "-r", "203", None))
        read = subprocess.run(["zbarimg", "-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", str(path)], check=True, capture_output=True)
        return read.stdout.decode().splitlines()
