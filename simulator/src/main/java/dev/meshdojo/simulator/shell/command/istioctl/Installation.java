package dev.meshdojo.simulator.shell.command.istioctl;

import dev.meshdojo.simulator.istio.ClientInstallTarget;
import dev.meshdojo.simulator.istio.InstallException;
import dev.meshdojo.simulator.istio.InstallOptions;
import dev.meshdojo.simulator.istio.InstallProgress;
import dev.meshdojo.simulator.istio.IstioInstaller;
import dev.meshdojo.simulator.istio.IstioRelease;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.GoDuration;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoYaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** {@code istioctl install}, {@code uninstall} and {@code manifest generate}. */
final class Installation {

    private Installation() {}

    private static IstioInstaller installer(Session session) {
        return new IstioInstaller(
                new ClientInstallTarget(session.invocation().cluster().client()),
                IstioRelease.CURRENT,
                List.of());
    }

    private static InstallOptions options(Session session) {
        Flags flags = session.flags();
        List<String> files = new ArrayList<>();
        for (String name : flags.list("filename")) {
            try {
                files.add(
                        name.equals("-")
                                ? new String(
                                        session.invocation().stdin().readAllBytes(),
                                        StandardCharsets.UTF_8)
                                : Files.readString(session.file(name)));
            } catch (IOException e) {
                throw KubectlException.error(
                        "generate config: could not read values from file \""
                                + name
                                + "\": open "
                                + name
                                + ": no such file or directory");
            }
        }
        return new InstallOptions(
                files,
                flags.all("set"),
                flags.value("revision"),
                flags.is("dry-run"),
                false,
                GoDuration.parse(flags, "readiness-timeout", "5m0s"));
    }

    /** Prints what stays; what a terminal would overwrite is left out. */
    private record Lines(Session session) implements InstallProgress {
        @Override
        public void status(String text) {
            session.out().flush();
        }

        @Override
        public void line(String text) {
            session.println(text);
            session.out().flush();
        }
    }

    static int install(Session session) throws InterruptedException {
        Flags flags = session.flags();
        if (!flags.is("skip-confirmation") && !flags.is("dry-run")) {
            String profile = "default";
            for (String set : flags.all("set")) {
                profile = set.startsWith("profile=") ? set.substring("profile=".length()) : profile;
            }
            session.out()
                    .print(
                            "This will install the Istio "
                                    + IstioRelease.CURRENT.version()
                                    + " profile \""
                                    + profile
                                    + "\" into the cluster. Proceed? (y/N) ");
            session.out().flush();
            if (!confirmed(session)) {
                session.out().print("Cancelled.\n");
                return 1;
            }
        }
        try {
            installer(session).install(options(session), new Lines(session));
            return 0;
        } catch (InstallException e) {
            throw KubectlException.error(String.valueOf(e.getMessage()));
        }
    }

    private static boolean confirmed(Session session) {
        try {
            StringBuilder answer = new StringBuilder();
            int c = session.invocation().stdin().read();
            while (c >= 0 && c != '\n') {
                answer.append((char) c);
                c = session.invocation().stdin().read();
            }
            return answer.toString().strip().matches("[yY]|[yY][eE][sS]");
        } catch (IOException e) {
            return false;
        }
    }

    static int uninstall(Session session) throws InterruptedException {
        Flags flags = session.flags();
        boolean purge = flags.is("purge");
        if (!purge && !flags.given("revision") && !flags.given("filename")) {
            throw KubectlException.error(
                    "at least one of the --revision (or --filename) or --purge flags must be set");
        }
        if (!flags.is("skip-confirmation")) {
            session.out()
                    .print(
                            purge
                                    ? "All Istio resources will be pruned from the cluster\nProceed? (y/N) "
                                    : "Proceed? (y/N) ");
            session.out().flush();
            if (!confirmed(session)) {
                session.out().print("Cancelled.\n");
                return 1;
            }
        }
        try {
            installer(session).uninstall(flags.value("revision"), purge, new Lines(session));
            return 0;
        } catch (InstallException e) {
            throw KubectlException.error(String.valueOf(e.getMessage()));
        }
    }

    static int manifest(Session session) throws InterruptedException {
        List<String> words = session.flags().arguments();
        if (words.isEmpty() || !words.getFirst().equals("generate")) {
            throw KubectlException.error(
                    "manifest "
                            + String.join(" ", words)
                            + " is not known; there is manifest generate");
        }
        try {
            for (var object : installer(session).manifests(options(session))) {
                session.out().print(GoYaml.write(object) + "---\n");
            }
            return 0;
        } catch (InstallException e) {
            throw KubectlException.error(String.valueOf(e.getMessage()));
        }
    }
}
