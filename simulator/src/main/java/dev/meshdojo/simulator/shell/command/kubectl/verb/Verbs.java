package dev.meshdojo.simulator.shell.command.kubectl.verb;

import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All of kubectl's commands. */
public final class Verbs {

    private static final List<Verb> ALL = all();

    private Verbs() {}

    private static List<Verb> all() {
        List<Verb> all = new ArrayList<>();
        all.add(GetVerb.VERB);
        all.add(DescribeVerb.VERB);
        all.add(ApplyVerb.VERB);
        all.add(CreateVerb.VERB);
        all.add(DeleteVerb.VERB);
        all.addAll(EditVerbs.VERBS);
        all.addAll(MetadataVerbs.VERBS);
        all.addAll(RunVerbs.VERBS);
        all.add(SetVerb.VERB);
        all.add(RolloutVerb.VERB);
        all.add(WaitVerb.VERB);
        all.addAll(StreamVerbs.VERBS);
        all.add(PortForwardVerb.VERB);
        all.add(ConfigVerb.VERB);
        all.addAll(InfoVerbs.VERBS);
        all.add(EventsVerb.VERB);
        for (String refused :
                List.of(
                        "completion",
                        "proxy",
                        "cp",
                        "debug",
                        "drain",
                        "cordon",
                        "uncordon",
                        "taint",
                        "certificate",
                        "kustomize",
                        "plugin",
                        "alpha",
                        "options",
                        "kuberc",
                        "diff",
                        "explain")) {
            all.add(
                    Verb.of(
                            refused,
                            "",
                            s -> {
                                throw KubectlException.error(
                                        refused
                                                + " is not supported by the built-in kubectl; a real"
                                                + " kubectl can use $KUBECONFIG");
                            }));
        }
        return List.copyOf(all);
    }

    /** The command of that name; null when there is none. */
    public static @Nullable Verb find(String name) {
        return ALL.stream().filter(v -> v.names().contains(name)).findFirst().orElse(null);
    }

    /** A command whose name is close to the word; null when none is. */
    public static @Nullable String nearest(String word) {
        return ALL.stream()
                .map(v -> v.names().getFirst())
                .filter(n -> distance(n, word) <= 2 || n.startsWith(word))
                .findFirst()
                .orElse(null);
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, previous[j - 1] + cost);
            }
            previous = row;
        }
        return previous[b.length()];
    }

    /** What {@code kubectl} alone prints. */
    public static String usage() {
        List<String> names = ALL.stream().map(v -> v.names().getFirst()).toList();
        return "kubectl controls the Kubernetes cluster manager.\n\nCommands of the built-in kubectl:\n  "
                + String.join("\n  ", names)
                + "\n\nUsage:\n  kubectl [flags] [options]\n";
    }

    /** A command's flags. */
    public static String help(Verb verb) {
        StringBuilder text =
                new StringBuilder(
                        "Usage:\n  kubectl " + verb.names().getFirst() + " [flags]\n\nFlags:\n");
        for (String flag : verb.flags().strip().split("\\s+")) {
            text.append("  --").append(flag.replaceAll("[:=?].*", "")).append('\n');
        }
        return text.toString();
    }
}
