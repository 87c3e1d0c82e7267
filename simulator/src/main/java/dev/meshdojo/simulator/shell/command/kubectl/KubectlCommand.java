package dev.meshdojo.simulator.shell.command.kubectl;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.ShellCommand;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Errors;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.print.JsonPathException;
import dev.meshdojo.simulator.shell.command.kubectl.rest.ConnectionException;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import dev.meshdojo.simulator.shell.command.kubectl.verb.Verb;
import dev.meshdojo.simulator.shell.command.kubectl.verb.Verbs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl}, built in: speaks to the kubeconfig's API server over HTTPS alone and prints what
 * kubectl 1.35 prints.
 */
public final class KubectlCommand implements ShellCommand {

    private static final Set<String> WITH_VALUE =
            Set.of(
                    "-n",
                    "--namespace",
                    "--context",
                    "--cluster",
                    "--user",
                    "--kubeconfig",
                    "-s",
                    "--server",
                    "--token",
                    "--as",
                    "--request-timeout",
                    "-v",
                    "--v",
                    "--certificate-authority",
                    "--client-certificate",
                    "--client-key",
                    "--cache-dir");

    @Override
    public String name() {
        return "kubectl";
    }

    @Override
    public String summary() {
        return "talks to the cluster";
    }

    @Override
    public boolean opensPort(List<String> arguments) {
        int at = verbIndex(arguments);
        return at < arguments.size() && arguments.get(at).matches("port-forward|proxy");
    }

    private static int verbIndex(List<String> arguments) {
        int at = 0;
        while (at < arguments.size() && arguments.get(at).startsWith("-")) {
            at += WITH_VALUE.contains(arguments.get(at)) ? 2 : 1;
        }
        return at;
    }

    @Override
    public int run(List<String> arguments, Invocation invocation) throws InterruptedException {
        int at = verbIndex(arguments);
        if (at >= arguments.size()) {
            invocation.stdout().print(Verbs.usage());
            return 0;
        }
        String word = arguments.get(at);
        Verb verb = Verbs.find(word);
        if (verb == null) {
            invocation.stderr().print(unknown(word));
            return 1;
        }
        List<String> words = new ArrayList<>(arguments.subList(0, at));
        words.addAll(arguments.subList(at + 1, arguments.size()));
        return run(verb, words, invocation);
    }

    private static String unknown(String word) {
        String near = Verbs.nearest(word);
        String hint = near == null ? "" : "\nDid you mean this?\n\t" + near + "\n";
        return "error: unknown command \"" + word + "\" for \"kubectl\"\n" + hint;
    }

    private static int run(Verb verb, List<String> words, Invocation invocation)
            throws InterruptedException {
        @Nullable Flags flags = null;
        try {
            flags = Flags.parse("kubectl " + verb.names().getFirst(), verb.flags(), words);
        } catch (KubectlException e) {
            return failed(invocation, e.getMessage() + "\n", e.status());
        }
        if (flags.is("help")) {
            invocation.stdout().print(Verbs.help(verb));
            return 0;
        }
        try (Session session = new Session(invocation, flags)) {
            return verb.body().run(session);
        } catch (KubectlException e) {
            return failed(
                    invocation,
                    e.getMessage() + (e.getMessage().isEmpty() ? "" : "\n"),
                    e.status());
        } catch (StatusException e) {
            return failed(invocation, Errors.text(e), 1);
        } catch (ConnectionException e) {
            return failed(invocation, e.getMessage() + "\n", 1);
        } catch (JsonPathException e) {
            return failed(invocation, "error: " + e.getMessage() + "\n", 1);
        }
    }

    private static int failed(Invocation invocation, @Nullable String text, int status) {
        invocation.stdout().flush();
        invocation.stderr().print(text == null ? "" : text);
        return status;
    }
}
