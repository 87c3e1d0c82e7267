package dev.meshdojo.simulator.conformance;

/**
 * Where an outcome is not the recorded one.
 *
 * @param caseName the case
 * @param exchange the exchange, or what of the case else
 * @param field the field
 * @param expected the recording
 * @param seen what came out
 */
public record Difference(
        String caseName, String exchange, String field, String expected, String seen) {

    private static final int SHOWN = 400;

    @Override
    public String toString() {
        return caseName
                + " "
                + exchange
                + " "
                + field
                + ": expected "
                + shorten(expected)
                + ", seen "
                + shorten(seen);
    }

    private static String shorten(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
