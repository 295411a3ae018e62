// Expand the calendars of a folder with KCalendarCore, which knows time zones by their names.
// stdout: "F name" for each file, "T summary description" in hexadecimal and "I start end" in Unix seconds for each
// instance, all parted by tabs.
#include <KCalendarCore/ICalFormat>
#include <KCalendarCore/MemoryCalendar>
#include <KCalendarCore/OccurrenceIterator>
#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QTimeZone>
#include <cstdio>

using namespace KCalendarCore;

static bool expand(const QString &path)
{
    QFile file(path);
    MemoryCalendar::Ptr calendar(new MemoryCalendar(QTimeZone::utc()));
    ICalFormat format;
    if (!file.open(QIODevice::ReadOnly) || !format.fromRawString(calendar, file.readAll())) {
        fprintf(stderr, "%s: KCalendarCore cannot read it\n", qPrintable(path));
        return false;
    }
    const QDateTime first = QDateTime::fromSecsSinceEpoch(0, Qt::UTC);
    const QDateTime last = QDateTime::fromSecsSinceEpoch(4102444800, Qt::UTC);
    OccurrenceIterator found(*calendar, first, last);
    while (found.hasNext()) {
        found.next();
        const Incidence::Ptr event = found.incidence();
        printf("T\t%s\t%s\n", event->summary().toUtf8().toHex().constData(),
               event->description().toUtf8().toHex().constData());
        printf("I\t%lld\t%lld\n", (long long)found.occurrenceStartDate().toSecsSinceEpoch(),
               (long long)found.occurrenceEndDate().toSecsSinceEpoch());
    }
    return true;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(arguments[1]));
    for (const QString &name : folder.entryList({QStringLiteral("*.ics")}, QDir::Files, QDir::Name)) {
        printf("F\t%s\n", qPrintable(name));
        if (!expand(folder.filePath(name))) {
            return 1;
        }
    }
    return 0;
}
