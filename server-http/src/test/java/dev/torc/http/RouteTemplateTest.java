package dev.torc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.torc.http.RouteTemplate.Literal;
import dev.torc.http.RouteTemplate.Parameter;
import dev.torc.http.RouteTemplate.Rest;

import org.junit.jupiter.api.Test;

import java.util.List;

class RouteTemplateTest {
    private static RouteTemplate parse(String text) {
        return RouteTemplate.parse(text, new ParameterTypes());
    }

    @Test
    void readsSegments() {
        RouteTemplate template = parse("/users/{id}/files/{path...}");
        assertEquals(
                List.of(
                        new Literal("users"),
                        new Parameter("id"),
                        new Literal("files"),
                        new Rest("path")),
                template.segments());
        assertEquals(List.of("id", "path"), template.parameterNames());
        assertEquals("/users/{id}/files/{path...}", template.toString());
    }

    @Test
    void readsFinalSlashAsAnEmptySegment() {
        assertEquals(List.of(new Literal("")), parse("/").segments());
        assertEquals(List.of(new Literal("a"), new Literal("")), parse("/a/").segments());
    }

    @Test
    void takesDecodedText() {
        assertEquals(
                List.of(new Literal("caf\u00e9"), new Literal("a b"), new Literal("100%")),
                parse("/caf\u00e9/a b/100%").segments());
    }

    @Test
    void refusesTextWithoutLeadingSlash() {
        refuses("a", "must start with '/': template=a");
        refuses("", "must start with '/': template=");
    }

    @Test
    void refusesEmptySegmentInside() {
        refuses("/a//b", "must not have an empty segment: template=/a//b");
        refuses("//", "must not have an empty segment: template=//");
    }

    @Test
    void refusesRepeatedParameterName() {
        refuses(
                "/{a}/{b}/{a...}",
                "must not repeat a parameter name: template=/{a}/{b}/{a...}, name=a");
    }

    @Test
    void refusesRestThatIsNotLast() {
        refuses("/{rest...}/a", "must end with its {name...}: template=/{rest...}/a");
        refuses("/{rest...}/", "must end with its {name...}: template=/{rest...}/");
    }

    @Test
    void refusesParameterWithoutName() {
        refuses("/{}", "must name its parameters: template=/{}");
        refuses("/{...}", "must name its parameters: template=/{...}");
    }

    @Test
    void refusesNameThatIsNoIdentifier() {
        String rule = "must name parameters by letters, digits, '_' and '-': template=";
        for (String template : List.of("/{a b}", "/{a*}", "/{1}", "/{..}", "/{a}{b}", "/{a....}")) {
            refuses(template, rule + template);
        }
    }

    @Test
    void refusesParameterThatIsNoWholeSegment() {
        String rule = "must have parameters that are whole segments: template=";
        for (String template : List.of("/a{x}", "/{x}.html", "/{x", "/x}", "/{", "/}")) {
            refuses(template, rule + template);
        }
    }

    @Test
    void refusesPercentEncoding() {
        refuses("/a%20b", "is written decoded, without percent-encoding: template=/a%20b");
    }

    @Test
    void refusesQueryAndFragment() {
        refuses("/a?b", "must not have a query or a fragment: template=/a?b");
        refuses("/a#b", "must not have a query or a fragment: template=/a#b");
    }

    @Test
    void refusesControlCharactersAndLoneSurrogates() {
        String rule = "must not have control characters or lone surrogates: template=";
        for (String template : List.of("/a\r\n", "/\u0000", "/\u007f", "/\ud800")) {
            refuses(template, rule + template);
        }
    }

    @Test
    void refusesMoreParametersThanAMatchHolds() {
        StringBuilder template = new StringBuilder();
        for (int i = 0; i <= RouteTemplate.PARAMETERS_MAX; i++) {
            template.append("/{p").append(i).append('}');
        }
        refuses(template.toString(), "has more than 16 parameters: template=" + template);
    }

    private static void refuses(String template, String reason) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> parse(template), template);
        assertEquals("route template " + reason, refusal.getMessage());
    }
}
