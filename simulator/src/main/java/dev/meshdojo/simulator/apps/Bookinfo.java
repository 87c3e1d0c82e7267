package dev.meshdojo.simulator.apps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Istio's Bookinfo: productpage, details, ratings and the three versions of reviews, on port 9080,
 * calling each other by their service names.
 */
final class Bookinfo implements Workload {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PORT = 9080;

    private final String service;
    private final String version;

    private Bookinfo(String service, String version) {
        this.service = service;
        this.version = version;
    }

    /** The program of {@code examples-bookinfo-<service>-<version>}, or null. */
    static @Nullable Workload of(String image) {
        String prefix = "examples-bookinfo-";
        int dash = image.lastIndexOf('-');
        if (!image.startsWith(prefix) || dash <= prefix.length()) {
            return null;
        }
        String service = image.substring(prefix.length(), dash);
        return List.of("productpage", "details", "ratings", "reviews").contains(service)
                ? new Bookinfo(service, image.substring(dash + 1))
                : null;
    }

    @Override
    public int run(Container container) throws IOException, InterruptedException {
        return Serving.blocking(
                container,
                List.of(PORT),
                request -> {
                    HttpApp.Reply reply = answer(container, request);
                    container.log(request.method() + " " + request.target() + " " + reply.status());
                    return reply;
                });
    }

    private HttpApp.Reply answer(Container container, HttpApp.Request request)
            throws JsonProcessingException {
        String path = request.path();
        if (path.equals("/health")) {
            ObjectNode health = JSON.createObjectNode();
            return json(200, health.put("status", service + " is healthy"));
        }
        return switch (service) {
            case "details" -> path.startsWith("/details/") ? json(200, details()) : missing();
            case "ratings" -> path.startsWith("/ratings/") ? json(200, ratings()) : missing();
            case "reviews" ->
                    path.startsWith("/reviews/")
                            ? json(200, reviews(container, request))
                            : missing();
            default -> page(container, request);
        };
    }

    private static HttpApp.Reply json(int status, JsonNode node) throws JsonProcessingException {
        return HttpApp.Reply.of(status, "application/json", JSON.writeValueAsBytes(node));
    }

    private static HttpApp.Reply missing() {
        return HttpApp.Reply.of(404, "text/html; charset=utf-8", "<h1>Not Found</h1>\n");
    }

    private static ObjectNode details() {
        return JSON.createObjectNode()
                .put("id", 0)
                .put("author", "William Shakespeare")
                .put("year", 1595)
                .put("type", "paperback")
                .put("pages", 200)
                .put("publisher", "PublisherA")
                .put("language", "English")
                .put("ISBN-10", "1234567890")
                .put("ISBN-13", "123-1234567890");
    }

    private static ObjectNode ratings() {
        ObjectNode node = JSON.createObjectNode().put("id", 0);
        node.putObject("ratings").put("Reviewer1", 5).put("Reviewer2", 4);
        return node;
    }

    private ObjectNode reviews(Container container, HttpApp.Request request) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", "0").put("podname", container.pod().name());
        node.put("clustername", "null");
        boolean rated =
                Boolean.parseBoolean(
                        container.env("ENABLE_RATINGS", Boolean.toString(!version.equals("v1"))));
        JsonNode stars = rated ? stars(container, request) : null;
        String color = container.env("STAR_COLOR", version.equals("v3") ? "red" : "black");
        List<String> texts =
                List.of(
                        "An extremely entertaining play by Shakespeare. The slapstick humour is"
                                + " refreshing!",
                        "Absolutely fun and entertaining. The play lacks thematic depth when"
                                + " compared to other plays by Shakespeare.");
        var list = node.putArray("reviews");
        for (int i = 0; i < texts.size(); i++) {
            String reviewer = "Reviewer" + (i + 1);
            ObjectNode review = list.addObject();
            review.put("reviewer", reviewer).put("text", texts.get(i));
            if (stars != null) {
                ObjectNode rating = review.putObject("rating");
                if (stars.has(reviewer)) {
                    rating.put("stars", stars.path(reviewer).asInt()).put("color", color);
                } else {
                    rating.put("error", "Ratings service is currently unavailable");
                }
            }
        }
        return node;
    }

    private static JsonNode stars(Container container, HttpApp.Request request) {
        return fetch(container, "http://" + host(container, "ratings") + "/ratings/0", request)
                .path("ratings");
    }

    private static String host(Container container, String service) {
        String prefix = service.toUpperCase(java.util.Locale.ROOT);
        String domain = container.env("SERVICES_DOMAIN", "");
        return container.env(prefix + "_HOSTNAME", service)
                + (domain.isEmpty() ? "" : "." + domain)
                + ":"
                + container.env(prefix + "_SERVICE_PORT", "9080");
    }

    private static JsonNode fetch(Container container, String url, HttpApp.Request request) {
        try {
            HttpClient.Answer answer = UpstreamCall.get(container, url, request);
            return answer.status() == 200 ? JSON.readTree(answer.body()) : JSON.missingNode();
        } catch (IOException e) {
            container.log(url + ": " + e.getMessage());
            return JSON.missingNode();
        }
    }

    private HttpApp.Reply page(Container container, HttpApp.Request request)
            throws JsonProcessingException {
        String details = "http://" + host(container, "details") + "/details/0";
        String reviews = "http://" + host(container, "reviews") + "/reviews/0";
        return switch (request.path()) {
            case "/", "/index.html", "/productpage" ->
                    HttpApp.Reply.of(
                            200,
                            "text/html; charset=utf-8",
                            html(
                                    fetch(container, details, request),
                                    fetch(container, reviews, request)));
            case "/api/v1/products" -> {
                var list = JSON.createArrayNode();
                list.addObject().put("id", 0).put("title", "The Comedy of Errors");
                yield json(200, list);
            }
            case "/api/v1/products/0" -> json(200, fetch(container, details, request));
            case "/api/v1/products/0/reviews" -> json(200, fetch(container, reviews, request));
            default -> missing();
        };
    }

    private static String html(JsonNode details, JsonNode reviews) {
        StringBuilder page = new StringBuilder();
        page.append("<!DOCTYPE html>\n<html>\n<head><title>Simple Bookstore App</title></head>\n");
        page.append("<body>\n<h1>The Comedy of Errors</h1>\n");
        if (details.isMissingNode()) {
            page.append("<h2>Error fetching product details!</h2>\n");
        } else {
            page.append("<h2>Book Details</h2>\n<dl>\n");
            details.properties()
                    .forEach(
                            field ->
                                    page.append("<dt>")
                                            .append(field.getKey())
                                            .append("</dt><dd>")
                                            .append(field.getValue().asText())
                                            .append("</dd>\n"));
            page.append("</dl>\n");
        }
        if (reviews.isMissingNode()) {
            return page.append("<h2>Error fetching product reviews!</h2>\n</body>\n</html>\n")
                    .toString();
        }
        page.append("<h2>Book Reviews</h2>\n<p>Reviews served by: ")
                .append(reviews.path("podname").asText())
                .append("</p>\n");
        for (JsonNode review : reviews.path("reviews")) {
            page.append("<blockquote>").append(review.path("text").asText());
            JsonNode rating = review.path("rating");
            if (rating.has("stars")) {
                page.append("<span class=\"glyphicon-star\" style=\"color:")
                        .append(rating.path("color").asText())
                        .append("\">")
                        .append("★".repeat(rating.path("stars").asInt()))
                        .append("</span>");
            } else if (rating.has("error")) {
                page.append("<i>").append(rating.path("error").asText()).append("</i>");
            }
            page.append("</blockquote>\n");
        }
        return page.append("</body>\n</html>\n").toString();
    }
}
