package dev.meshdojo.simulator.explain;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * The request to explain.
 *
 * @param method such as {@code GET}
 * @param url with scheme, host and path
 * @param headers {@code name: value}, in order
 */
public record ExplainedRequest(String method, URI url, List<String> headers) {

    public ExplainedRequest {
        headers = List.copyOf(headers);
    }

    /**
     * Reads {@code [METHOD] URL}; the scheme is {@code http} when none is given.
     *
     * @throws IllegalArgumentException when it is no such text; the message shows the form
     */
    public static ExplainedRequest parse(String text, List<String> headers) {
        String[] words = text.strip().split("\\s+");
        if (words.length > 2 || words[0].isEmpty()) {
            throw wrong(text);
        }
        String method = words.length == 2 ? words[0].toUpperCase(Locale.ROOT) : "GET";
        String given = words[words.length - 1];
        String address = given.contains("://") ? given : "http://" + given;
        try {
            URI url = new URI(address);
            boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (!known || url.getHost() == null || !method.matches("[A-Z]+")) {
                throw wrong(text);
            }
            for (String header : headers) {
                if (!header.matches("[^:\\s]+:.*")) {
                    throw new IllegalArgumentException(
                            "-H takes \"name: value\", not \"" + header + "\"");
                }
            }
            return new ExplainedRequest(method, url, headers);
        } catch (URISyntaxException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "--request takes \"METHOD http://host/path\", such as \"GET"
                        + " http://shop.example.com/cart\", not \""
                        + text
                        + "\"");
    }

    /** The port of the gateway's Service that it goes to. */
    public int port() {
        return url.getPort() > 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
    }

    @Override
    public String toString() {
        return method + " " + url;
    }
}
