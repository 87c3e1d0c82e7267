package dev.meshdojo.simulator.golang;

import java.util.ArrayList;
import java.util.List;

/**
 * None, one or several errors, printed as HashiCorp's go-multierror prints them: a single error
 * stands bare unless it was collected as a list, several become a bulleted list. Immutable.
 *
 * @param texts the errors, in order
 * @param list whether even a single one is printed as a list
 */
public record Failure(List<String> texts, boolean list) {

    /** No error. */
    public static final Failure NONE = new Failure(List.of(), false);

    public Failure {
        texts = List.copyOf(texts);
    }

    /** One bare error. */
    public static Failure of(String text) {
        return new Failure(List.of(text), false);
    }

    /** One error that prints as a list of one. */
    public static Failure listed(String text) {
        return new Failure(List.of(text), true);
    }

    /** Whether there is no error. */
    public boolean isNone() {
        return texts.isEmpty();
    }

    /** Both: either alone stays as it is, two make a list. */
    public Failure and(Failure other) {
        if (isNone()) {
            return other;
        }
        if (other.isNone()) {
            return this;
        }
        List<String> all = new ArrayList<>(texts);
        all.addAll(other.texts);
        return new Failure(all, true);
    }

    /** Puts a prefix and a blank before every error. */
    public Failure prefixed(String prefix) {
        return new Failure(texts.stream().map(text -> prefix + " " + text).toList(), list);
    }

    /** The text a user sees; empty for none. */
    public String print() {
        if (texts.isEmpty()) {
            return "";
        }
        if (!list) {
            return texts.getFirst();
        }
        StringBuilder text = new StringBuilder();
        text.append(texts.size())
                .append(texts.size() == 1 ? " error" : " errors")
                .append(" occurred:");
        for (String each : texts) {
            text.append("\n\t* ").append(each);
        }
        return text.append("\n\n").toString();
    }
}
