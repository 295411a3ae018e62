/* Expand the calendars of a folder with libical and the VTIMEZONE they carry, never one from a table.
 *
 * stdout: "F name" for each file, "T summary description" in hexadecimal for each event, "I start end" in Unix seconds
 * for each instance, all parted by tabs.
 */
#include <dirent.h>
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *contents(const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        perror(path);
        exit(1);
    }
    fseek(stream, 0, SEEK_END);
    long size = ftell(stream);
    rewind(stream);
    char *text = calloc((size_t)size + 1, 1);
    if (fread(text, 1, (size_t)size, stream) != (size_t)size) {
        perror(path);
        exit(1);
    }
    fclose(stream);
    return text;
}

static void hexadecimal(const char *text)
{
    putchar('\t');
    for (const unsigned char *octet = (const unsigned char *)(text ? text : ""); *octet; octet++) {
        printf("%02x", *octet);
    }
}

static void instance(icalcomponent *event, struct icaltime_span *span, void *data)
{
    (void)event;
    (void)data;
    printf("I\t%lld\t%lld\n", (long long)span->start, (long long)span->end);
}

static void complain(icalcomponent *whole, const char *path)
{
    icalcomponent_strip_errors(whole); /* its own remarks of what is merely old-fashioned */
    if (!icalrestriction_check(whole)) {
        fprintf(stderr, "%s: against the restrictions of RFC 5545\n", path);
    }
}

static void expand(const char *path)
{
    char *text = contents(path);
    icalcomponent *whole = icalparser_parse_string(text);
    if (!whole || icalcomponent_count_errors(whole)) {
        fprintf(stderr, "%s: libical cannot read it\n", path);
        exit(1);
    }
    complain(whole, path);
    icalcomponent *event = icalcomponent_get_first_component(whole, ICAL_VEVENT_COMPONENT);
    for (; event; event = icalcomponent_get_next_component(whole, ICAL_VEVENT_COMPONENT)) {
        putchar('T');
        hexadecimal(icalcomponent_get_summary(event));
        hexadecimal(icalcomponent_get_description(event));
        putchar('\n');
        icalcomponent_foreach_recurrence(event, icaltime_from_string("19700101T000000Z"),
                                         icaltime_from_string("21000101T000000Z"), instance, NULL);
    }
    icalcomponent_free(whole);
    free(text);
}

int main(int count, char **arguments)
{
    if (count != 2) {
        return 2;
    }
    set_zone_directory("/nonexistent");
    struct dirent **entries;
    int number = scandir(arguments[1], &entries, NULL, alphasort);
    for (int i = 0; i < number; i++) {
        char path[4096];
        if (strstr(entries[i]->d_name, ".ics")) {
            snprintf(path, sizeof path, "%s/%s", arguments[1], entries[i]->d_name);
            printf("F\t%s\n", entries[i]->d_name);
            expand(path);
        }
    }
    return number < 0;
}
