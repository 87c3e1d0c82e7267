package dev.meshdojo.gateway.stream.format;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.WireText;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compiled header operations of one level (table, virtual host, route, or weighted cluster).
 * Immutable and thread-safe.
 *
 * <p>In one evaluation removals come first, then values that overwrite, then values that are
 * appended; all values are computed before any line is written. A value that comes out empty is not
 * written unless kept on purpose. Source: Envoy "Custom request/response headers".
 */
public final class HeaderOperations {

    /** No operations. */
    public static final HeaderOperations NONE = new HeaderOperations(List.of(), List.of());

    private record Addition(
            String name, SubstitutionFormat value, HeaderAppendAction action, boolean keepEmpty) {}

    private final List<String> removals;
    private final List<Addition> additions;

    private HeaderOperations(List<String> removals, List<Addition> additions) {
        this.removals = List.copyOf(removals);
        this.additions = List.copyOf(additions);
    }

    /**
     * Compiles the {@code *_headers_to_add} and {@code *_headers_to_remove} of one level.
     *
     * @throws InvalidConfigException when a name may not be changed or a value does not parse
     */
    public static HeaderOperations compile(List<HeaderValueOption> add, List<String> remove) {
        if (add.isEmpty() && remove.isEmpty()) {
            return NONE;
        }
        List<Addition> additions = new ArrayList<>(add.size());
        for (HeaderValueOption option : add) {
            additions.add(addition(option));
        }
        List<String> removals = new ArrayList<>(remove.size());
        for (String name : remove) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(":") || lower.equals("host")) {
                throw new InvalidConfigException(":-prefixed or host headers may not be removed");
            }
            removals.add(lower);
        }
        return new HeaderOperations(removals, additions);
    }

    @SuppressWarnings("deprecation") // Control planes still send append.
    private static Addition addition(HeaderValueOption option) {
        String name = option.getHeader().getKey().toLowerCase(Locale.ROOT);
        if (name.startsWith(":") || name.equals("host")) {
            throw new InvalidConfigException(":-prefixed or host headers may not be modified");
        }
        HeaderAppendAction action = option.getAppendAction();
        if (option.hasAppend()) {
            if (action != HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD) {
                throw new InvalidConfigException(
                        "Both append and append_action are set and it's not allowed");
            }
            action =
                    option.getAppend().getValue()
                            ? HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD
                            : HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD;
        }
        return new Addition(
                name,
                SubstitutionFormat.compile(WireText.of(option.getHeader().getValue())),
                action,
                option.getKeepEmptyValue());
    }

    /** Whether applying this changes nothing, ever. */
    public boolean isEmpty() {
        return removals.isEmpty() && additions.isEmpty();
    }

    /** Applies the operations to a request head's own lines. */
    public void applyToRequest(RequestHead request, StreamInfo info) {
        if (!isEmpty()) {
            apply(request.headers(), new FormatContext(request, null, null, info));
        }
    }

    /** Applies the operations to a response, whose values may speak of the request. */
    public void applyToResponse(HeaderMap response, RequestHead request, StreamInfo info) {
        if (!isEmpty()) {
            apply(response, new FormatContext(request, response, null, info));
        }
    }

    private void apply(HeaderMap headers, FormatContext context) {
        for (String name : removals) {
            headers.remove(name);
        }
        if (additions.isEmpty()) {
            return;
        }
        String[] values = new String[additions.size()];
        boolean[] present = new boolean[additions.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = additions.get(i).value.omitEmpty(context);
            present[i] = headers.contains(additions.get(i).name);
        }
        for (int i = 0; i < values.length; i++) {
            Addition addition = additions.get(i);
            if (written(addition, values[i]) && overwrites(addition.action, present[i])) {
                headers.set(addition.name, values[i]);
            }
        }
        for (int i = 0; i < values.length; i++) {
            Addition addition = additions.get(i);
            if (written(addition, values[i]) && appends(addition.action, present[i])) {
                headers.add(addition.name, values[i]);
            }
        }
    }

    private static boolean written(Addition addition, String value) {
        return !value.isEmpty() || addition.keepEmpty;
    }

    private static boolean overwrites(HeaderAppendAction action, boolean present) {
        return action == HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD
                || (action == HeaderAppendAction.OVERWRITE_IF_EXISTS && present);
    }

    private static boolean appends(HeaderAppendAction action, boolean present) {
        return action == HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD
                || (action == HeaderAppendAction.ADD_IF_ABSENT && !present);
    }
}
