package dev.meshdojo.simulator.admission;

/**
 * Checks the command operators in a header value, {@code %NAME%} or {@code %NAME(argument)%}, with
 * the leniency and the texts of the scanner that istiod shares with old Envoys. Pure.
 */
final class HeaderFormat {

    private enum Place {
        TEXT,
        NAME,
        BEFORE_ARGUMENTS,
        AFTER_STRING,
        BEFORE_STRING,
        STRING,
        AFTER_ARRAY,
        AFTER_ARGUMENTS
    }

    private HeaderFormat() {}

    /** What is wrong, empty when nothing is. */
    static String error(String value) {
        Place place = Place.TEXT;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean last = i + 1 == value.length();
            switch (place) {
                case TEXT -> {
                    if (c == '%') {
                        if (last) {
                            return "Un-escaped %";
                        }
                        if (value.charAt(i + 1) == '%') {
                            i++;
                        } else {
                            place = Place.NAME;
                        }
                    }
                }
                case NAME -> {
                    if (c == '%') {
                        place = Place.TEXT;
                    } else if (c == '(') {
                        place = Place.BEFORE_ARGUMENTS;
                    }
                }
                case BEFORE_ARGUMENTS -> {
                    if (c == '[') {
                        place = Place.BEFORE_STRING;
                    } else if (c != ' ') {
                        place = Place.STRING;
                    }
                }
                case AFTER_STRING -> {
                    if (c == ',') {
                        place = Place.BEFORE_STRING;
                    } else if (c == ']') {
                        place = Place.AFTER_ARRAY;
                    } else if (c != ' ') {
                        return "Expecting ',', ']', or whitespace";
                    }
                }
                case BEFORE_STRING -> {
                    if (c == '"') {
                        place = Place.STRING;
                    } else if (c != ' ') {
                        return "Expecting '\"'";
                    }
                }
                case STRING -> {
                    if (c == '\\') {
                        if (last) {
                            return "Un-terminated backslash in JSON string";
                        }
                        i++;
                    } else if (c == ')') {
                        place = Place.AFTER_ARGUMENTS;
                    } else if (c == '"') {
                        place = Place.AFTER_STRING;
                    }
                }
                case AFTER_ARRAY -> {
                    if (c == ')') {
                        place = Place.AFTER_ARGUMENTS;
                    } else if (c != ' ') {
                        return "Expecting ')' or whitespace after '{}', but found '{}'";
                    }
                }
                case AFTER_ARGUMENTS -> {
                    if (c == '%') {
                        place = Place.TEXT;
                    } else if (c != ' ') {
                        return "Expecting '%' or whitespace after";
                    }
                }
            }
        }
        return place == Place.TEXT ? "" : "Un-terminated variable expression '" + value + "'";
    }
}
