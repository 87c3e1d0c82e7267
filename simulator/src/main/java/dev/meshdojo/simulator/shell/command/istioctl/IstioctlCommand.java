package dev.meshdojo.simulator.shell.command.istioctl;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.ShellCommand;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.rest.ConnectionException;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code istioctl}: {@code install}, {@code uninstall}, {@code manifest generate}, {@code version},
 * {@code analyze}.
 */
public final class IstioctlCommand implements ShellCommand {

    /** One sub-command. */
    @FunctionalInterface
    interface Body {
        int run(Session session) throws InterruptedException;
    }

    private record Sub(String flags, Body body) {}

    private static final String COMMON = "istioNamespace:i= vklog= output:o= revision:r=";
    private static final Map<String, Sub> SUBS = new LinkedHashMap<>();

    static {
        String install =
                COMMON
                        + " filename:f= set= skip-confirmation:y manifests:d= force dry-run verify readiness-timeout= charts=";
        SUBS.put("install", new Sub(install, Installation::install));
        SUBS.put("uninstall", new Sub(install + " purge", Installation::uninstall));
        SUBS.put("manifest", new Sub(install + " cluster-specific", Installation::manifest));
        SUBS.put("analyze", new Sub(COMMON + " all-namespaces:A", Analyze::run));
        SUBS.put("version", new Sub(COMMON + " short:s remote", Versions::run));
    }

    @Override
    public String name() {
        return "istioctl";
    }

    @Override
    public String summary() {
        return "installs Istio, tells its versions, analyzes a cluster";
    }

    @Override
    public int run(List<String> arguments, Invocation invocation) throws InterruptedException {
        List<String> words = new ArrayList<>(arguments);
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            at +=
                    words.get(at)
                                    .matches(
                                            "-n|--namespace|-i|--istioNamespace|-c|--kubeconfig|--context")
                            ? 2
                            : 1;
        }
        String name = at < words.size() ? words.remove(at) : "";
        Sub sub = SUBS.get(name.equals("apply") ? "install" : name);
        if (sub == null) {
            invocation
                    .stderr()
                    .print(
                            "Error: unknown command \""
                                    + name
                                    + "\" for \"istioctl\"; the lab's has "
                                    + String.join(", ", SUBS.keySet())
                                    + "\n");
            return 64;
        }
        try (Session session =
                new Session(invocation, Flags.parse("istioctl " + name, sub.flags(), words))) {
            return sub.body().run(session);
        } catch (KubectlException e) {
            String text = e.getMessage().replaceFirst("^error: ", "");
            invocation.stderr().print(text.isEmpty() ? "" : "Error: " + text + "\n");
            return e.status();
        } catch (StatusException | ConnectionException e) {
            invocation.stderr().print("Error: " + e.getMessage() + "\n");
            return 1;
        }
    }
}
