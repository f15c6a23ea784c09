"""podman in the place of a Docker engine, for docker-compose: its service answers Docker's API, and runs in a
network namespace of the test's own, which is "the host's network" for the containers."""

import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import threading
import time

COMMANDS = ("buildah", "podman", "runc", "docker-compose")
BASE = "localhost/debian:bookworm-slim"
IMAGES = "localhost/janus-genesys-test"
INTERVAL = 10  # s between the health checks of a container, as docker/Dockerfile has it
LABEL = "janus-genesys.test"
TARGETS = ("prepare", "gateway", "nginx", "coturn", "kamailio", "sip-server")
ROOT = pathlib.Path(__file__).resolve().parents[2]


def what_is_missing():
    """Why no engine can run here, or ""."""
    missing = [command for command in COMMANDS if not shutil.which(command)]
    if missing:
        return f"{', '.join(missing)} not installed: scripts/test --containers"
    return "" if os.geteuid() == 0 else "needs root"


def run(*words, seconds=600, **options):
    """Its standard output. AssertionError with all that it said if it fails."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=seconds, **options)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, words))}: status {done.returncode}\n"
                             f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def make_base():
    """Debian as debootstrap makes it, once: the registry that BASE_IMAGE names may be out of reach."""
    if subprocess.run(["podman", "image", "exists", BASE], check=False).returncode == 0:
        return
    folder = pathlib.Path("/var/tmp", f"janus-genesys-base.{os.getpid()}")
    try:
        # dpkg waits for the disk after every file unless it is told not to, as Debian's own images do.
        run("debootstrap", "--variant=minbase", "bookworm", folder, seconds=1800)
        (folder / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")
        run("sh", "-c", f"tar -C {folder} -c . | podman import - {BASE}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def build_images(preset="release"):
    """Each target of docker/Dockerfile, and the stage that compiles, so that its layers have a name, too. Layers are
    kept, so that a second time takes seconds; what the machine's ccache has compiled is not compiled again. Images
    that no longer have a name go. Prints what took long."""
    cache = pathlib.Path(run("ccache", "--get-config", "cache_dir").strip())
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="genesys-ccache.") as settings:
        # ccache in there would trim what it finds to its own 5 GB: no limit, the machine's ccache keeps its own.
        pathlib.Path(settings, "ccache.conf").write_text("max_size = 0\n")
        for target in ("build", *TARGETS):
            begun = time.monotonic()
            # Nice to the tests that run beside it.
            run("nice", "-n", "10", "buildah", "bud", "--isolation", "chroot", "--format", "docker", "--layers",
                "--volume", f"{cache}:/root/.cache/ccache:rw", "--volume", f"{settings}:/root/.config/ccache:ro",
                "--build-arg", f"BASE_IMAGE={BASE}", "--build-arg", f"PRESET={preset}", "--label", f"{LABEL}=",
                "--target", target, "--tag", f"{IMAGES}/{target}:latest",
                "--file", ROOT / "docker" / "Dockerfile", ROOT, seconds=3000)
            print(f"{target}: {time.monotonic() - begun:.0f} s", flush=True)
    # Refused as long as a build that was killed has left a container of one of them.
    subprocess.run(["podman", "image", "prune", "--force", "--filter", f"label={LABEL}"], stdout=subprocess.DEVNULL,
                   check=False)


def most(kind, wanted):
    """The limit that is wanted, or what this machine allows of it, as compose writes it."""
    allowed = resource.getrlimit(kind)[1]
    value = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
    return f"{{soft: {value}, hard: {value}}}"


class Engine:
    """podman's service and docker-compose on it; everything of it is gone after stop()."""

    def __init__(self, netns, folder, environment):
        # What is executed in a container of "the host's network" stays in that of whoever asks.
        self.inside = ["nsenter", f"--net=/run/netns/{netns}"]
        self.folder = folder
        self.socket = folder / "podman.sock"
        self.project = f"jg-test-{os.getpid()}"
        self.override = folder / "override.yaml"
        configuration = folder / "containers.conf"
        # What does without a service manager and its control groups.
        configuration.write_text('[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n')
        self.environment = {**os.environ, **environment, "CONTAINERS_CONF": str(configuration),
                            "DOCKER_HOST": f"unix://{self.socket}", "COMPOSE_PROJECT_NAME": self.project,
                            "IMAGES": IMAGES}
        self.service = self.nurse = None
        self.ended = threading.Event()

    def start(self):
        with open(self.folder / "podman.log", "wb") as log:
            self.service = subprocess.Popen([*self.inside, "podman", "system", "service", "--time", "0",
                                             f"unix://{self.socket}"], env=self.environment,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 30
        while not self.socket.exists():
            if self.service.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "podman.log").read_text())
            self.ended.wait(0.05)
        # A machine may forbid what compose.yaml asks for, and podman's own defaults, too.
        services = self.compose("config", "--services", override=False).split()
        limits = "ulimits: {nofile: %s, nproc: %s}" % (most(resource.RLIMIT_NOFILE, 65536),
                                                       most(resource.RLIMIT_NPROC, 4096))
        self.override.write_text("services:\n" + "".join(f"  {name}: {{{limits}}}\n" for name in services))
        self.nurse = threading.Thread(target=self.check_health)
        self.nurse.start()

    def compose(self, *words, override=True, seconds=300):
        files = ["--file", ROOT / "docker" / "compose.yaml"] + (["--file", self.override] if override else [])
        return run("docker-compose", "--env-file", ROOT / "docker" / ".env.sample", *files, *words, seconds=seconds,
                   env=self.environment)

    def podman(self, *words, seconds=60):
        return run(*self.inside, "podman", *words, seconds=seconds, env=self.environment)

    def container(self, service):
        return f"{self.project}_{service}_1"

    def inspect(self, service, template):
        return self.podman("inspect", "--format", template, self.container(service)).strip()

    def states(self, services):
        """"running healthy" and the like of each."""
        listed = self.podman("inspect", "--format", "{{.State.Status}} {{.State.Health.Status}}",
                             *map(self.container, services))
        return dict(zip(services, listed.splitlines(), strict=True))

    def check_health(self):
        """podman leaves it to systemd to run the health checks in their intervals. Whoever is not healthy yet is asked
        again at once."""
        all_asked = 0
        while not self.ended.wait(0.5):
            listed = subprocess.run(["podman", "ps", "--filter", f"label=com.docker.compose.project={self.project}",
                                     "--format", "{{.Names}} {{.Status}}"], capture_output=True, text=True,
                                    env=self.environment, check=False).stdout.splitlines()
            all_due = time.monotonic() > all_asked + INTERVAL
            if all_due:
                all_asked = time.monotonic()
            for name, _, status in (line.partition(" ") for line in listed):
                if all_due or "(healthy)" not in status:
                    subprocess.run([*self.inside, "podman", "healthcheck", "run", name], capture_output=True,
                                   env=self.environment, check=False, timeout=60)

    def logs(self, service):
        done = subprocess.run(["podman", "logs", self.container(service)], capture_output=True, text=True,
                              env=self.environment, check=False)
        return done.stdout + done.stderr

    def stop(self):
        self.ended.set()
        if self.nurse:
            self.nurse.join()
        try:
            if self.override.exists():
                self.compose("--profile", "lab", "--profile", "second-node", "down", "--volumes", "--timeout", "5")
        finally:
            if self.service:
                self.service.terminate()
                self.service.wait(30)
