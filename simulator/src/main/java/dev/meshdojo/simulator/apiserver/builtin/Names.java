package dev.meshdojo.simulator.apiserver.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Kubernetes' rules for names, labels and keys, with its messages. */
public final class Names {

    private static final String LABEL_RULE = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern LABEL = Pattern.compile(LABEL_RULE);
    private static final Pattern SUBDOMAIN =
            Pattern.compile(LABEL_RULE + "(\\." + LABEL_RULE + ")*");
    private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern QUALIFIED =
            Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern LABEL_VALUE =
            Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");

    /** What Kubernetes says of a name that is no RFC 1123 label. */
    public static final String LABEL_MESSAGE =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
                    + " and must start and end with an alphanumeric character (e.g. 'my-name',  or"
                    + " '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    /** What Kubernetes says of a name that is no RFC 1123 subdomain. */
    public static final String SUBDOMAIN_MESSAGE =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
                    + " '-' or '.', and must start and end with an alphanumeric character (e.g."
                    + " 'example.com', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private static final String LABEL_1035_MESSAGE =
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with"
                    + " an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',"
                    + "  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private static final String QUALIFIED_MESSAGE =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with"
                    + " an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc',"
                    + " regex used for validation is"
                    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private static final String LABEL_VALUE_MESSAGE =
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_'"
                    + " or '.', and must start and end with an alphanumeric character (e.g."
                    + " 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
                    + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private static final String CONFIG_KEY_MESSAGE =
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
                    + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
                    + " '[-._a-zA-Z0-9]+')";

    private static final Pattern ENVIRONMENT = Pattern.compile("[ -<>-~]+");
    private static final Pattern HEADER = Pattern.compile("[-A-Za-z0-9]+");
    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String UNDERSCORE_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String UNDERSCORE_FORM =
            UNDERSCORE_LABEL + "(\\." + UNDERSCORE_LABEL + ")*";
    private static final Pattern UNDERSCORE = Pattern.compile(UNDERSCORE_FORM);
    private static final String UNDERSCORE_MESSAGE =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
                    + " '_', '-' or '.', and must start and end with an alphanumeric character"
                    + " (e.g. 'example.com', regex used for validation is '"
                    + UNDERSCORE_FORM
                    + "')";
    private static final String WILDCARD_FORM = "\\*\\." + LABEL_FORM + "(\\." + LABEL_FORM + ")*";
    private static final Pattern WILDCARD = Pattern.compile(WILDCARD_FORM);
    private static final String WILDCARD_MESSAGE =
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS"
                    + " subdomain, which must consist of lower case alphanumeric characters, '-' or"
                    + " '.' and end with an alphanumeric character (e.g. '*.example.com', regex"
                    + " used for validation is '"
                    + WILDCARD_FORM
                    + "')";

    private Names() {}

    /** RFC 1123 subdomain, at most 253 characters. */
    public static List<String> subdomain(String name, boolean prefix) {
        return check(mask(name, prefix), 253, SUBDOMAIN, SUBDOMAIN_MESSAGE);
    }

    /** RFC 1123 label, at most 63 characters. */
    public static List<String> label(String name, boolean prefix) {
        String masked = mask(name, prefix);
        boolean dotted = !LABEL.matcher(masked).matches() && SUBDOMAIN.matcher(masked).matches();
        return check(masked, 63, LABEL, dotted ? "must not contain dots" : LABEL_MESSAGE);
    }

    /** RFC 1035 label, at most 63 characters. */
    public static List<String> label1035(String name, boolean prefix) {
        return check(mask(name, prefix), 63, LABEL_1035, LABEL_1035_MESSAGE);
    }

    /** A path segment: what is no more than safe in a URL. */
    public static List<String> pathSegment(String name, boolean prefix) {
        if (!prefix && (name.equals(".") || name.equals(".."))) {
            return List.of("may not be '" + name + "'");
        }
        List<String> problems = new ArrayList<>();
        for (String part : List.of("/", "%")) {
            if (name.contains(part)) {
                problems.add("may not contain '" + part + "'");
            }
        }
        return problems;
    }

    /** A label or annotation key: an optional DNS prefix and a name. */
    public static List<String> qualified(String key) {
        List<String> problems = new ArrayList<>();
        int slash = key.indexOf('/');
        String name = key;
        if (slash >= 0) {
            if (key.indexOf('/', slash + 1) >= 0) {
                return List.of(
                        "a valid label key "
                                + QUALIFIED_MESSAGE.replaceFirst("\\)$", "")
                                + ") with an optional DNS subdomain prefix and '/' (e.g."
                                + " 'example.com/MyName')");
            }
            String prefix = key.substring(0, slash);
            name = key.substring(slash + 1);
            if (prefix.isEmpty()) {
                problems.add("prefix part must be non-empty");
            } else {
                subdomain(prefix, false).forEach(p -> problems.add("prefix part " + p));
            }
        }
        if (name.isEmpty()) {
            problems.add("name part must be non-empty");
        } else if (name.length() > 63) {
            problems.add("name part must be no more than 63 bytes");
        }
        if (!QUALIFIED.matcher(name).matches()) {
            problems.add("name part " + QUALIFIED_MESSAGE);
        }
        return problems;
    }

    /** A label's value. */
    public static List<String> labelValue(String value) {
        List<String> problems = new ArrayList<>();
        if (value.length() > 63) {
            problems.add("must be no more than 63 bytes");
        }
        if (!LABEL_VALUE.matcher(value).matches()) {
            problems.add(LABEL_VALUE_MESSAGE);
        }
        return problems;
    }

    /** A key of a ConfigMap or Secret. */
    public static List<String> configKey(String key) {
        List<String> problems = new ArrayList<>();
        if (key.length() > 253) {
            problems.add("must be no more than 253 bytes");
        }
        if (!CONFIG_KEY.matcher(key).matches()) {
            problems.add(CONFIG_KEY_MESSAGE);
        } else if (key.equals(".")) {
            problems.add("must not be '.'");
        } else if (key.equals("..")) {
            problems.add("must not be '..'");
        } else if (key.startsWith("..")) {
            problems.add("must not start with '..'");
        }
        return problems;
    }

    /** A subdomain whose labels may have underscores, as in DNS search lists. */
    public static List<String> subdomainWithUnderscore(String name) {
        return check(name, 253, UNDERSCORE, UNDERSCORE_MESSAGE);
    }

    /** A domain that begins with {@code *.}. */
    public static List<String> wildcard(String name) {
        return check(name, 253, WILDCARD, WILDCARD_MESSAGE);
    }

    /** An IANA service name. */
    public static List<String> portName(String name) {
        List<String> problems = new ArrayList<>();
        if (name.length() > 15) {
            problems.add("must be no more than 15 characters");
        }
        if (!name.matches("[-a-z0-9]+")) {
            problems.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            problems.add("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            problems.add("must not contain consecutive hyphens");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            problems.add("must not begin or end with a hyphen");
        }
        return problems;
    }

    /** An environment variable's name. */
    public static List<String> environment(String name) {
        return ENVIRONMENT.matcher(name).matches()
                ? List.of()
                : List.of(
                        "a valid environment variable name must consist only of printable ASCII"
                                + " characters other than '='");
    }

    /** A name of an HTTP header. */
    public static List<String> headerName(String name) {
        return HEADER.matcher(name).matches()
                ? List.of()
                : List.of(
                        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g."
                                + " 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')");
    }

    private static String mask(String name, boolean prefix) {
        return prefix && name.length() > 1 && name.endsWith("-")
                ? name.substring(0, name.length() - 2) + "a"
                : name;
    }

    private static List<String> check(String name, int limit, Pattern rule, String message) {
        List<String> problems = new ArrayList<>();
        if (name.length() > limit) {
            problems.add("must be no more than " + limit + " characters");
        }
        if (!rule.matcher(name).matches()) {
            problems.add(message);
        }
        return problems;
    }
}
